import Base
import Store

/// A record as it is stored.
struct Record: Sendable {
  let type: RecordType
  let id: RecordID
  /// In the order of the type's fields.
  var values: [FieldValue]
  /// `trashed` comes by the trash alone and goes by restoring.
  var status: String
  var notes: [Note]
  /// Grows with each change; a form says from which one it was made.
  var version: Int
  var createdAt: String
  var updatedAt: String
  /// The head of its pages.
  var header: RecordHeader

  var name: String { header.name }
  var isTrashed: Bool { status == RecordType.trashed }

  /// The value of a field; empty where the type has none of this name.
  subscript(_ field: String) -> FieldValue { type.index(of: field).map { values[$0] } ?? .empty }
}

extension [FieldValue] {
  /// The fields in which two versions of a record differ, as the history keeps them.
  func changes(from before: [FieldValue], of type: RecordType) -> [Change] {
    zip(type.fields, zip(before, self)).compactMap { field, values in
      let (old, new) = values
      if old.isSame(as: new) { return nil }
      return Change(field: field.name, before: field.kind.history(old), after: field.kind.history(new))
    }
  }
}
