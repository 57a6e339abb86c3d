import Base
import Store
import Templating
import Web

/// A type of record that has pages of its own. What all such pages do (tabs, trash, notes, history) works from this alone.
struct RecordKind: Sendable {
  /// `contact`: the name in activity entries.
  let name: String
  let label: String
  let table: String
  /// The list's address; a record is one below it.
  let path: String
  let resource: Resource
  let listLabel: String
  /// Loads what the head of the record's pages shows, if the scope reaches it.
  let header: @Sendable (RecordID, Scope, Database) throws -> RecordHeader?

  func path(of id: String) -> String { path + "/" + id }
}

/// The head of a record's pages.
struct RecordHeader: Sendable {
  let id: RecordID
  let name: String
  let status: String
  /// "Buyer", "Shipping": one line under the name.
  let line: String
  var company: (id: String, name: String)?
  /// The file of the picture that stands for it.
  var avatar: RecordID?

  var isTrashed: Bool { status == "trashed" }
}

/// A tab on record pages. Its page loads only what it shows.
struct RecordTab: Sendable {
  /// The last part of its address.
  let id: String
  let label: String
  let show: @Sendable (RequestContext, RecordKind, RecordHeader) throws -> Response
}
