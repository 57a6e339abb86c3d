import Base
import Markdown
import Store
import Templating
import Web

/// What happened last with anybody, for the overview.
enum LatestInteractions {
  static let shape = ViewSchema(
    "happened",
    [
      ("label", .text), ("icon", .text), ("subject", .text), ("excerpt", .text), ("name", .text), ("href", .text), ("at", .text),
      ("time", .text),
    ])

  private static let excerptLength = 120

  /// The newest that have happened by now, of records that the visitor may see and that are not in the trash.
  static func values(_ count: Int, for context: RequestContext, in db: Database) throws -> [Value] {
    let contacts = try context.scope(of: .contacts)
    let companies = try context.scope(of: .companies)
    let formats = context.formats
    return try db.all(
      """
      SELECT i.type, i.subject, i.body, i.occurred_at, i.id, i.contact_id, coalesce(i.contact_id, i.company_id), coalesce(c.name, o.name)
      FROM interactions i
        LEFT JOIN contacts c ON c.id = i.contact_id AND c.status <> 'trashed'\(contacts.condition(on: "c"))
        LEFT JOIN companies o ON o.id = i.company_id AND o.status <> 'trashed'\(companies.condition(on: "o"))
      WHERE i.deleted_at IS NULL AND i.occurred_at <= \(context.now) AND (c.seq IS NOT NULL OR o.seq IS NOT NULL)
      ORDER BY i.occurred_at DESC, i.seq DESC LIMIT \(count)
      """
    ) { row in
      let type = Interaction.type(row.text(0))
      let kind = row.isNull(5) ? RecordType.company : .contact
      return .record(
        ViewData(
          shape,
          [
            .text(type.label), .text(type.icon), .text(row.text(1)), .text(Markdown.plain(row.text(2), limit: excerptLength)),
            .text(row.text(7)), .text(kind.path(of: row.text(6)) + "/interactions#i-" + row.text(4)), .text(row.text(3)),
            .text(formats.minute(row.text(3))),
          ]))
    }
  }
}
