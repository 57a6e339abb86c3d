import Admin
import Base
import Money
import Store
import Templating

/// Beside a document: what it came from, and what came of it.
enum RelatedDocuments {
  private struct Relation {
    let label: String
    let type: RecordType
    let condition: SQL
  }

  private static let lineSchema = ViewSchema(
    "related-document", [("label", .text), ("number", .text), ("href", .text), ("status", .text), ("total", .text)])
  private static let atOnce = 20

  static let panel = RecordPanel(
    place: .beforeDetails, template: "documents/related",
    schema: ViewSchema("related-documents", [("lines", .list(.record(lineSchema)))])
  ) { schema, record, context, db in
    let lines = try relations(of: record).filter { context.may(.readOwn, on: $0.type.resource) }.flatMap { relation in
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

  private static func relations(of record: Record) -> [Relation] {
    func named(_ field: String, _ label: String, _ type: RecordType) -> Relation {
      Relation(label: label, type: type, condition: "id = \(record[field].text)")
    }
    switch record.type.name {
    case RecordType.quote.name:
      return [
        named("revises", "Replaces", .quote), Relation(label: "Replaced by", type: .quote, condition: "revises_id = \(record.id)"),
        Relation(label: "Order", type: .order, condition: "quote_id = \(record.id)"),
      ]
    case RecordType.order.name:
      return [
        named("quote", "Quote", .quote),
        Relation(label: "Invoice", type: .invoice, condition: "order_id = \(record.id) AND kind = 'invoice'"),
        Relation(label: "Credit note", type: .invoice, condition: "order_id = \(record.id) AND kind = 'credit_note'"),
      ]
    case RecordType.invoice.name:
      return [
        named("order", "Order", .order), named("credits", "Credits", .invoice),
        Relation(label: "Credit note", type: .invoice, condition: "credits_id = \(record.id)"),
      ]
    default: return []
    }
  }
}
