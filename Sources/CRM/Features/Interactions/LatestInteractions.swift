import Admin
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
    let record = try context.reach.record("i.record_id")
    let formats = context.formats
    return try db.all(
      """
      SELECT i.type, i.subject, i.body, i.occurred_at, i.id, \(record.type), i.record_id, \(record.name)
      FROM interactions i\(record.join)
      WHERE i.deleted_at IS NULL AND i.occurred_at <= \(context.now) AND \(record.name) IS NOT NULL
      ORDER BY i.occurred_at DESC, i.seq DESC LIMIT \(count)
      """
    ) { row in
      let type = Interaction.type(row.text(0))
      let href = context.composition.records[row.text(5)]?.path(of: row.text(6)) ?? ""
      return .record(
        ViewData(
          shape,
          [
            .text(type.label), .text(type.icon), .text(row.text(1)), .text(Markdown.plain(row.text(2), limit: excerptLength)),
            .text(row.text(7)), .text(href + "/interactions#i-" + row.text(4)), .text(row.text(3)),
            .text(formats.minute(row.text(3))),
          ]))
    }
  }
}
