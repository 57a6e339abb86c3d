import Admin
import Base
import Money
import Store
import Templating

/// Beside a document: what it came from, and what came of it.
enum RelatedDocuments {
  /// Documents that have something to do with another: those of a type for which a condition holds.
  struct Relation {
    let label: String
    let type: RecordType
    let condition: SQL
  }

  private static let lineSchema = ViewSchema(
    "related-document", [("label", .text), ("number", .text), ("href", .text), ("status", .text), ("total", .text)])
  private static let schema = ViewSchema("related-documents", [("lines", .list(.record(lineSchema)))])
  private static let atOnce = 20

  static func panel(_ relations: @escaping @Sendable (Record) -> [Relation]) -> RecordPanel {
    RecordPanel(place: .beforeDetails, template: "documents/related", schema: schema) { schema, record, context, db in
      let lines = try relations(record).filter { context.may(.readOwn, on: $0.type.resource) }.flatMap { relation in
        try db.all(
          """
          SELECT id, name, status, total, total_currency FROM \(raw: relation.type.table)
          WHERE \(relation.condition) AND status <> 'trashed'\(try context.scope(of: relation.type.resource).condition(on: relation.type.table))
          ORDER BY seq LIMIT \(atOnce)
          """
        ) { row in
          ViewData(
            lineSchema,
            [
              .text(relation.label), .text(row.text(1)), .text(relation.type.path(of: row.text(0))), .text(row.text(2)),
              .text(row.isNull(3) ? "" : context.formats.money(Amount(Int64(row.int(3)), row.text(4)))),
            ])
        }
      }
      return lines.isEmpty ? nil : ViewData(schema, [.list(lines.map { .record($0) })])
    }
  }
}
