import Admin
import Base
import Store
import Templating

/// What a customer has of us, as their delivered shipments say: nobody types it in, and a shipment that is undone takes it away again.
enum DeliveredPanel {
  private static let itemSchema = ViewSchema(
    "delivered-item", [("name", .text), ("quantity", .text), ("serials", .text), ("order", .text), ("href", .text), ("day", .text)])

  private static let most = 50
  /// Of so many orders, the last: a page costs the same for a customer of many years.
  private static let mostOrders = 500

  static let panel = RecordPanel(
    place: .afterDetails, template: "shipments/delivered", schema: ViewSchema("delivered", [("items", .list(.record(itemSchema)))])
  ) { schema, record, context, db in
    guard context.may(.readOwn, on: .orders), record.type === RecordType.contact || record.type === RecordType.company else { return nil }
    let scope = try context.scope(of: .orders)
    let orders: SQL = """
      SELECT id, name FROM orders WHERE \(raw: record.type.name)_id = \(record.id) AND status <> 'trashed'\(scope.condition(on: "orders"))
      ORDER BY number_sort DESC, seq DESC LIMIT \(mostOrders)
      """
    let found = try db.all(
      """
      SELECT o.id, o.name, l.line_id, l.quantity, s.delivered_on FROM (\(orders)) AS o
      JOIN shipments AS s ON s.order_id = o.id JOIN shipment_lines AS l ON l.shipment_id = s.id
      WHERE s.status = 'delivered' ORDER BY s.delivered_on DESC, l.id LIMIT \(most)
      """
    ) { (order: $0.recordID(0), number: $0.text(1), line: $0.text(2), quantity: Int64($0.int(3)), day: $0.text(4)) }
    guard !found.isEmpty else { return nil }
    var lines: [RecordID: [String: DocumentLine]] = [:]
    for order in Set(found.map(\.order)) {
      let value = try db.text("SELECT lines FROM orders WHERE id = \(order)") ?? ""
      lines[order] = Dictionary(DocumentLine.list(FieldValue(value)).map { ($0.id, $0) }) { first, _ in first }
    }
    return ViewData(
      schema,
      [
        .list(
          found.compactMap { item -> Value? in
            guard let line = lines[item.order]?[item.line] else { return nil }
            return .record(
              ViewData(
                itemSchema,
                [
                  .text(line.name), .text(Stock.display(item.quantity, context.formats)), .text(line.serials.joined(separator: ", ")),
                  .text(item.number), .text(RecordType.order.path(of: item.order.text)),
                  .text(item.day.isEmpty ? "" : context.formats.date(item.day)),
                ]))
          })
      ])
  }
}
