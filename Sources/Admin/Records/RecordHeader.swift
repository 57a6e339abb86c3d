package import Base
package import Store
package import Templating
package import Web

/// The head of a record's pages.
package struct RecordHeader: Sendable {
  package let type: RecordType
  package let id: RecordID
  package let name: String
  package let status: String
  /// "Buyer", "Shipping": one line under the name.
  let line: String
  /// Its parent record, shown beside the line.
  var parent: Parent?
  /// The file of the profile picture.
  var avatar: RecordID?
  /// The number to dial and the address to write to, where its type has columns for that; empty for none.
  var phone = ""
  var phoneHref: String?
  var email = ""

  package struct Parent: Sendable {
    let id: String
    let href: String
    let name: String
  }

  /// Without a parent that the reader may not see.
  func within(_ reach: RecordReach, in db: Database) throws -> RecordHeader {
    guard let parent, !reach.isEverything, try reach.find(parent.id, in: db) == nil else { return self }
    var header = self
    header.parent = nil
    return header
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
  /// A query with a row for each thing on it. Of those only so many are counted.
  let rows: (@Sendable (RecordHeader, RequestContext) throws -> SQL)?
  /// Whether all records have it, and not only those that interactions and the like can be about.
  let isEverywhere: Bool
  /// The type that alone has it; `nil` for all.
  let type: String?
  let act: Act?
  let show: @Sendable (RequestContext, RecordType, RecordHeader) throws -> Response

  /// A button in the head of all pages of a record, for those who may change it.
  package struct Act: Sendable {
    let label: String
    let icon: String
    /// What opens it from the keyboard.
    let key: String
    /// What follows the tab's address: `?log=call`.
    let query: String

    package init(_ label: String, icon: String, key: String, query: String) {
      (self.label, self.icon, self.key, self.query) = (label, icon, key, query)
    }
  }

  package init(
    id: String, label: String, isEverywhere: Bool = false, of type: String? = nil, act: Act? = nil,
    rows: (@Sendable (RecordHeader, RequestContext) throws -> SQL)? = nil,
    show: @escaping @Sendable (RequestContext, RecordType, RecordHeader) throws -> Response
  ) {
    self.id = id
    self.label = label
    self.act = act
    self.rows = rows
    self.isEverywhere = isEverywhere
    self.type = type
    self.show = show
  }
}

/// A part of a record's Overview that its type shows in its own way.
package struct RecordPanel: Sendable {
  package enum Place: Sendable {
    /// Before all others of the main part.
    case lead
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
