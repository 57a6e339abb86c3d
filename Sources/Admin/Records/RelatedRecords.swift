package import Base
package import Store

/// The records of another type that belong to a record: a company's people. Its feed holds what happened with either, and shows each part by itself
/// when asked to.
package struct RelatedRecords: Sendable {
  /// The name of their type.
  package let type: String
  /// A query for their ids, as `id`.
  package let ids: @Sendable (RecordID) -> SQL
  /// The part of a feed that is about the record itself, and the one about these: as addresses name them, and as they read.
  package let ownPart: (id: String, label: String)
  package let relatedPart: (id: String, label: String)

  package init(
    type: String, ids: @escaping @Sendable (RecordID) -> SQL, ownPart: (id: String, label: String), relatedPart: (id: String, label: String)
  ) {
    self.type = type
    self.ids = ids
    self.ownPart = ownPart
    self.relatedPart = relatedPart
  }
}
