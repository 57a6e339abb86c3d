import Admin
import Base
import Money
import Store

/// What the products of an order cost when they were ordered. Kept beside the lines and not in them: whatever shows lines, to customers and
/// programs too, can't show costs.
enum OrderCosts {
  /// What one unit of each line cost; `nil` where that wasn't known, which isn't 0. Lines without a product have none.
  static func all(of order: RecordID, in db: Database) throws -> [String: Amount?] {
    var found: [String: Amount?] = [:]
    try db.each("SELECT line_id, minor, currency FROM order_costs WHERE order_id = \(order)") { row in
      found.updateValue(row.intOrNil(1).map { Amount(Int64($0), row.text(2)) }, forKey: row.text(0))
    }
    return found
  }

  /// Keeps the costs of this moment for lines that have none yet, and for those that are about another product now. Lines of an order that was
  /// confirmed before costs were kept have none: nobody knows what they cost then. `former` is that order as it was.
  static func keep(_ order: DocumentValues, of id: RecordID, former: DocumentValues? = nil, _ act: ActContext) throws {
    var known: [String: String] = [:]
    try act.db.each("SELECT line_id, product_id FROM order_costs WHERE order_id = \(id)") { known[$0.text(0)] = $0.text(1) }
    let unknown = known.isEmpty ? Dictionary((former?.lines ?? []).map { ($0.id, $0.product) }) { first, _ in first } : [:]
    for line in order.lines where unknown[line.id] != line.product {
      guard let product = RecordID(line.product) else { continue }
      guard known.removeValue(forKey: line.id) != line.product else { continue }
      let cost = try RecordType.product.record(product, in: act.db).flatMap { record in try? Product.cost { record[$0] }.total() }
      try act.db.run(
        """
        INSERT INTO order_costs (order_id, line_id, product_id, minor, currency)
        VALUES (\(id), \(line.id), \(line.product), \((cost?.minor).map { Int($0) }), \(cost?.currency ?? ""))
        ON CONFLICT (order_id, line_id) DO UPDATE SET product_id = excluded.product_id, minor = excluded.minor, currency = excluded.currency
        """)
    }
    for line in known.keys { try act.db.run("DELETE FROM order_costs WHERE order_id = \(id) AND line_id = \(line)") }
  }
}
