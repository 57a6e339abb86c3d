import Base

/// One field of a record, before and after.
struct Change: Sendable, Equatable {
  let field: String
  let before: String
  let after: String

  /// The fields in which two versions of a record differ, in their order.
  static func between(_ before: [FieldText], _ after: [FieldText]) -> [Change] {
    after.compactMap { field in
      let old = before.first { $0.field == field.field }?.text ?? ""
      return old == field.text ? nil : Change(field: field.field, before: old, after: field.text)
    }
  }

  static func json(_ changes: [Change]) -> String {
    JSON.array(
      changes.map { .object(["field": .string($0.field), "before": .string($0.before), "after": .string($0.after)]) }
    ).text
  }

  static func list(_ stored: String) -> [Change] {
    let items = (try? JSON(parsing: stored))?.array ?? []
    return items.map {
      Change(field: $0["field"]?.string ?? "", before: $0["before"]?.string ?? "", after: $0["after"]?.string ?? "")
    }
  }
}

/// A field of a record as a person reads it: what the audit log and the conflict page compare.
struct FieldText: Sendable, Equatable {
  let field: String
  let text: String
}
