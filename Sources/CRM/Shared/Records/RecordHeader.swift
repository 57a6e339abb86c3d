import Base
import Store
import Templating
import Web

/// The head of a record's pages.
struct RecordHeader: Sendable {
  let type: RecordType
  let id: RecordID
  let name: String
  let status: String
  /// "Buyer", "Shipping": one line under the name.
  let line: String
  /// The record that it stands under, beside the line.
  var parent: Parent?
  /// The file of the picture that stands for it.
  var avatar: RecordID?

  struct Parent: Sendable {
    let href: String
    let name: String
  }

  var isTrashed: Bool { status == RecordType.trashed }
  /// The address of its page.
  var href: String { type.path(of: id.text) }
}

/// A tab on record pages. Its page loads only what it shows.
struct RecordTab: Sendable {
  /// The last part of its address.
  let id: String
  let label: String
  let show: @Sendable (RequestContext, RecordType, RecordHeader) throws -> Response
}

/// A part of a record's Overview that its type shows in its own way.
struct RecordPanel: Sendable {
  enum Place: Sendable {
    case main, beforeDetails, afterDetails
  }

  let place: Place
  let template: String
  let schema: ViewSchema
  /// What its template shows; `nil` where there is nothing to show.
  private let make: @Sendable (ViewSchema, Record, RequestContext, Database) throws -> ViewData?

  init(
    place: Place, template: String, schema: ViewSchema,
    _ make: @escaping @Sendable (ViewSchema, Record, RequestContext, Database) throws -> ViewData?
  ) {
    self.place = place
    self.template = template
    self.schema = schema
    self.make = make
  }

  func data(_ record: Record, _ context: RequestContext, _ db: Database) throws -> ViewData? { try make(schema, record, context, db) }
}
