import Admin
import Base
import Store

/// All SQL over the ledger of stock movements.
enum StockStore {
  static func stock(of product: RecordID, in db: Database) throws -> Stock {
    try db.first("SELECT on_hand, reserved FROM product_stock WHERE product_id = \(product)") { row in
      Stock(onHand: Int64(row.int(0)), reserved: Int64(row.int(1)))
    } ?? Stock()
  }

  static func hasMovements(_ product: RecordID, in db: Database) throws -> Bool {
    try db.value("SELECT EXISTS (SELECT 1 FROM stock_movements WHERE product_id = \(product))") == 1
  }

  /// A query for all movements of a product.
  static func rows(of product: RecordID) -> SQL { "SELECT 1 FROM stock_movements WHERE product_id = \(product)" }

  /// A product's movements, the latest first, each with the stock after it; and whether there are more.
  static func movements(of product: RecordID, before position: Int?, limit: Int, in db: Database) throws -> (
    movements: [StockMovement], hasMore: Bool
  ) {
    var found = try db.all(
      """
      SELECT \(raw: columns) FROM stock_movements AS m WHERE product_id = \(product) AND position < \(position ?? Int.max) ORDER BY position DESC LIMIT \(limit + 1)
      """, movement)
    let hasMore = found.count > limit
    if hasMore { found.removeLast() }
    guard let newest = found.first else { return ([], false) }
    var balance = try stock(of: product, in: db)
    // Back from what there is now: most look at the first page, which nothing comes after.
    try db.each(
      """
      SELECT coalesce(sum(on_hand), 0), coalesce(sum(reserved), 0) FROM stock_movements
      WHERE product_id = \(product) AND position > \(newest.position)
      """
    ) { row in
      balance.onHand -= Int64(row.int(0))
      balance.reserved -= Int64(row.int(1))
    }
    for index in found.indices {
      found[index].balance = balance
      balance.onHand -= found[index].onHand
      balance.reserved -= found[index].reserved
    }
    return (found, hasMore)
  }

  static func find(_ id: RecordID, of product: RecordID, in db: Database) throws -> StockMovement? {
    try db.first(
      """
      SELECT \(raw: columns) FROM stock_movements AS m WHERE id = \(id) AND product_id = \(product)
      """, movement)
  }

  private static let columns = """
    id, position, kind, on_hand, reserved, reason, line_id, source_id, at, actor_name,
    EXISTS (SELECT 1 FROM stock_movements AS u WHERE u.source_id = m.id AND u.kind = 'undone'), product_id
    """

  private static func movement(_ row: borrowing Row) -> StockMovement {
    StockMovement(
      id: row.text(0), product: row.recordIDOrNil(11), position: row.int(1), kind: StockMovement.Kind(rawValue: row.text(2)) ?? .counted,
      onHand: Int64(row.int(3)),
      reserved: Int64(row.int(4)), reason: row.text(5), line: row.textOrNil(6), source: row.textOrNil(7), at: row.text(8), by: row.text(9),
      isUndone: row.bool(10))
  }

  /// What an order line has reserved and shipped (less what was undone), of each product that it has been about.
  static func line(_ line: String, in db: Database) throws -> [RecordID: (reserved: Int64, shipped: Int64)] {
    var found: [RecordID: (reserved: Int64, shipped: Int64)] = [:]
    try db.each(
      """
      SELECT product_id, sum(reserved), -coalesce(sum(on_hand) FILTER (WHERE kind IN ('shipped', 'unshipped')), 0)
      FROM stock_movements WHERE line_id = \(line) GROUP BY product_id
      """
    ) { found[$0.recordID(0)] = (Int64($0.int(1)), Int64($0.int(2))) }
    return found
  }

  /// What came back to the stock of what an order line had shipped of a product.
  static func returned(of line: String, _ product: RecordID, in db: Database) throws -> Int64 {
    Int64(
      try db.value(
        "SELECT coalesce(sum(on_hand), 0) FROM stock_movements WHERE line_id = \(line) AND product_id = \(product) AND kind = 'returned'")
        ?? 0)
  }

  /// The movement of this kind that a source has caused.
  static func caused(_ kind: StockMovement.Kind, by source: String, in db: Database) throws -> StockMovement? {
    try db.first(
      """
      SELECT \(raw: columns) FROM stock_movements AS m WHERE source_id = \(source) AND kind = \(kind.rawValue)
      """, movement)
  }

  /// What of a product's settings decides about its stock.
  static func terms(of product: RecordID, in db: Database) throws -> (name: String, isStocked: Bool, allowsBackorder: Bool)? {
    try db.first("SELECT name, is_stocked, allows_backorder FROM products WHERE id = \(product)") { row in
      (row.text(0), row.bool(1), row.bool(2))
    }
  }

  /// Adds a movement. One whose source has caused such a movement before fails.
  @discardableResult
  static func add(_ movement: StockMovement, to product: RecordID, _ act: ActContext) throws -> RecordID {
    let id = RecordID.make(at: act.now)
    try act.db.run(
      """
      INSERT INTO stock_movements (id, product_id, position, kind, on_hand, reserved, reason, line_id, source_id, at, actor_id, actor_name)
      SELECT \(id), \(product), coalesce(max(position), 0) + 1, \(movement.kind.rawValue), \(Int(movement.onHand)), \(Int(movement.reserved)),
        \(movement.reason), \(movement.line), \(movement.source), \(act.now), \(act.actor.id), \(act.actor.name)
      FROM stock_movements WHERE product_id = \(product)
      """)
    return id
  }
}
