/// HTTP header fields in order of arrival; names are case-insensitive.
package struct Headers: Sendable {
  package private(set) var fields: [(name: String, value: String)] = []

  package init() {}

  /// The first value of a field.
  package subscript(_ name: String) -> String? {
    fields.first { Headers.same($0.name, name) }?.value
  }

  package func all(_ name: String) -> [String] {
    fields.filter { Headers.same($0.name, name) }.map(\.value)
  }

  package mutating func add(_ name: String, _ value: String) {
    fields.append((name, value))
  }

  /// Replaces all values of the field.
  package mutating func set(_ name: String, _ value: String) {
    fields.removeAll { Headers.same($0.name, name) }
    fields.append((name, value))
  }

  private static func same(_ a: String, _ b: String) -> Bool {
    let x = a.utf8, y = b.utf8
    // Fast path: most use the canonical spelling.
    return x.count == y.count && (a == b || zip(x, y).allSatisfy { lower($0) == lower($1) })
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }
}
