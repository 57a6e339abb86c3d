package import Base
import Store

/// A record as it is stored.
package final class Record: Sendable {
  package let type: RecordType
  package let id: RecordID
  /// In the order of the type's fields.
  package let values: [FieldValue]
  /// `trashed` comes by the trash alone and goes by restoring.
  package let status: String
  package let notes: [Note]
  /// Grows with each change; a form says from which one it was made.
  package let version: Int
  let createdAt: String
  package let updatedAt: String
  /// The head of its pages.
  package let header: RecordHeader

  init(
    type: RecordType, values: [FieldValue], notes: [Note], version: Int, createdAt: String, updatedAt: String, header: RecordHeader
  ) {
    (self.type, self.values, self.notes, self.version, self.header) = (type, values, notes, version, header)
    (self.createdAt, self.updatedAt, id, status) = (createdAt, updatedAt, header.id, header.status)
  }

  package var name: String { header.name }
  package var isTrashed: Bool { status == RecordType.trashed }

  /// The value of a field; empty where the type has none of this name.
  package subscript(_ field: String) -> FieldValue { type.index(of: field).map { values[$0] } ?? .empty }
}

extension [FieldValue] {
  /// Whether any value means something else.
  func isChanged(from before: [FieldValue]) -> Bool { !zip(self, before).allSatisfy { $0.isSame(as: $1) } }

  /// The fields in which two versions of a record differ, as the history keeps them.
  func changes(from before: [FieldValue], of type: RecordType) -> [Change] {
    zip(type.fields, zip(before, self)).compactMap { field, values in
      let (old, new) = values
      if old.isSame(as: new) { return nil }
      return Change(field: field.name, before: field.kind.history(old), after: field.kind.history(new))
    }
  }
}
