import Store

/// What a record holds in one field, as the database keeps it. What it means, only the field's kind knows.
package enum FieldValue: Sendable, Equatable {
  case empty
  /// Never empty.
  case text(String)
  case integer(Int)
  /// Minor units and an ISO 4217 code.
  case amount(Int, currency: String)
  /// Another record or a user, with the name that it had when it was read.
  case reference(id: String, name: String)

  /// A text; an empty one is no value.
  package init(_ text: String) { self = text.isEmpty ? .empty : .text(text) }

  /// The text, or the number in digits; empty where there is neither.
  package var text: String {
    switch self {
    case .empty, .amount: ""
    case .text(let text): text
    case .integer(let n): String(n)
    case .reference(let id, _): id
    }
  }

  /// The number, where it is one.
  package var number: Int? { if case .integer(let n) = self { n } else { nil } }

  package var isEmpty: Bool { if case .empty = self { true } else { false } }

  /// Whether both mean the same: a record that has been renamed is still the same record.
  func isSame(as other: FieldValue) -> Bool {
    if case .reference(let a, _) = self, case .reference(let b, _) = other { return a == b }
    return self == other
  }
}
