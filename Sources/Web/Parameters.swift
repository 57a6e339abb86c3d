/// The values of a route's placeholders: `id` in `/contacts/{id}`.
package struct Parameters: Sendable, Equatable {
  private let names: [String]
  private let values: [String]

  /// No parameters.
  package init() { (names, values) = ([], []) }

  init(names: [String], values: [String]) {
    self.names = names
    self.values = values
  }

  /// The decoded path segment of the placeholder with this name; `nil` if the pattern has none.
  package subscript(_ name: String) -> String? { names.firstIndex(of: name).map { values[$0] } }
}
