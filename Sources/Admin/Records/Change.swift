import Base

/// One field of a record, before and after.
package struct Change: Sendable, Equatable {
  let field: String
  package let before: String
  package let after: String

  package init(field: String, before: String, after: String) {
    self.field = field
    self.before = before
    self.after = after
  }

  /// The fields in which two versions of a record differ, in their order.
  package static func between(_ before: [FieldText], _ after: [FieldText]) -> [Change] {
    after.compactMap { field in
      let old = before.first { $0.field == field.field }?.text ?? ""
      return old == field.text ? nil : Change(field: field.field, before: old, after: field.text)
    }
  }

  package static func json(_ changes: [Change]) -> String {
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
package struct FieldText: Sendable, Equatable {
  package let field: String
  package let text: String

  package init(field: String, text: String) {
    self.field = field
    self.text = text
  }
}
