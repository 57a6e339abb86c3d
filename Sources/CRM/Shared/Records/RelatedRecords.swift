import Base
import Store

/// The records of another type that belong to a record: a company's people. Its feed holds what happened with either, and shows each part by itself
/// when asked to.
struct RelatedRecords: Sendable {
  /// The name of their type.
  let type: String
  /// A query for their ids, as `id`.
  let ids: @Sendable (RecordID) -> SQL
  /// The part of a feed that is about the record itself, and the one about these: as addresses name them, and as they read.
  let ownPart: (id: String, label: String)
  let relatedPart: (id: String, label: String)
}
