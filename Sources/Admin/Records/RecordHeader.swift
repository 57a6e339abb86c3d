package import Base
package import Store
package import Templating
package import Web

/// The head of a record's pages.
package struct RecordHeader: Sendable {
  package let type: RecordType
  package let id: RecordID
  package let name: String
  let status: String
  /// "Buyer", "Shipping": one line under the name.
  let line: String
  /// The record that it stands under, beside the line.
  var parent: Parent?
  /// The file of the picture that stands for it.
  var avatar: RecordID?

  package struct Parent: Sendable {
    let href: String
    let name: String
  }

  package var isTrashed: Bool { status == RecordType.trashed }
  /// The address of its page.
  package var href: String { type.path(of: id.text) }
}

/// A tab on record pages. Its page loads only what it shows.
package struct RecordTab: Sendable {
  /// The last part of its address.
  package let id: String
  let label: String
  let show: @Sendable (RequestContext, RecordType, RecordHeader) throws -> Response

  package init(id: String, label: String, show: @escaping @Sendable (RequestContext, RecordType, RecordHeader) throws -> Response) {
    self.id = id
    self.label = label
    self.show = show
  }
}

/// A part of a record's Overview that its type shows in its own way.
package struct RecordPanel: Sendable {
  package enum Place: Sendable {
    case main, beforeDetails, afterDetails
  }

  package let place: Place
  package let template: String
  let schema: ViewSchema
  /// What its template shows; `nil` where there is nothing to show.
  private let make: @Sendable (ViewSchema, Record, RequestContext, Database) throws -> ViewData?

  package init(
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
