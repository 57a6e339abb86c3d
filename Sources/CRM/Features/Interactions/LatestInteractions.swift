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

  // MARK: Of one record

  private static let atOnce = 5
  private static let typeSchema = ViewSchema("log-type", [("value", .text), ("label", .text)])

  /// What happened last with a record, under a line that logs what happens now.
  static let panel = RecordPanel(
    place: .lead, template: "interactions/latest",
    schema: ViewSchema(
      "latest",
      [
        ("href", .text), ("here", .text), ("types", .list(.record(typeSchema))), ("lines", .list(.record(shape))), ("mayWrite", .bool),
      ])
  ) { schema, record, context, db in
    let feed = InteractionFeed(kind: record.type, record: record.header, reach: try context.reach)
    let lines = try feed.lines(after: nil, limit: atOnce, in: db)
    let mayWrite = context.may(.write, on: record.type.resource) && !record.isTrashed
    guard mayWrite || !lines.isEmpty else { return nil }
    let here = record.type.path(of: record.id.text)
    return ViewData(
      schema,
      [
        .text(here + "/interactions"), .text(here), types, .list(lines.map { value($0, in: here, context.formats) }), .bool(mayWrite),
      ])
  }

  private static let types: Value = .list(
    Interaction.offered.map { .record(ViewData(typeSchema, [.text($0.id), .text($0.label)])) })

  private static func value(_ line: InteractionFeed.Line, in here: String, _ formats: Formats) -> Value {
    let details = line.interaction.details
    let type = Interaction.type(details.type)
    let anchor = line.anchor.map { $0.kind.path(of: $0.id) } ?? here
    return .record(
      ViewData(
        shape,
        [
          .text(type.label), .text(type.icon), .text(details.subject), .text(Markdown.plain(details.body, limit: excerptLength)),
          .text(line.anchor?.name ?? ""), .text(anchor + "/interactions#i-" + line.interaction.id.text), .text(details.occurredAt.text),
          .text(formats.minute(details.occurredAt.text)),
        ]))
  }
}
