import Admin
import Base
import Store

/// All SQL over shipments.
enum ShipmentStore {
  private static let columns: SQL =
    "id, position, status, method, carrier, tracking, destination, shipped_on, delivered_on, actor_name"

  private static func shipment(_ row: borrowing Row) -> Shipment {
    Shipment(
      id: row.text(0), position: row.int(1), status: Shipment.Status(rawValue: row.text(2)) ?? .shipped, method: row.text(3),
      carrier: row.text(4), tracking: row.text(5), destination: row.text(6), shippedOn: row.text(7), deliveredOn: row.text(8),
      by: row.text(9))
  }

  /// The shipments of an order, in the order in which they were made.
  static func all(of order: RecordID, in db: Database) throws -> [Shipment] {
    var found = try db.all("SELECT \(columns) FROM shipments WHERE order_id = \(order) ORDER BY position", shipment)
    let places = Dictionary(uniqueKeysWithValues: found.enumerated().map { ($1.id, $0) })
    try db.each(
      """
      SELECT l.id, l.line_id, l.quantity, l.shipment_id FROM shipment_lines AS l JOIN shipments AS s ON s.id = l.shipment_id
      WHERE s.order_id = \(order) ORDER BY l.id
      """
    ) { row in
      guard let place = places[row.text(3)] else { return }
      found[place].lines.append(Shipment.Line(id: row.text(0), line: row.text(1), quantity: Int64(row.int(2))))
    }
    return found
  }

  static func find(_ id: RecordID, of order: RecordID, in db: Database) throws -> Shipment? {
    try all(of: order, in: db).first { $0.id == id.text }
  }

  /// How much of each line of an order has left, by the line's id.
  static func shipped(of order: RecordID, in db: Database) throws -> [String: Int64] {
    try sums(of: order, "'shipped', 'delivered'", in: db)
  }

  /// The same with what is packed.
  static func taken(of order: RecordID, in db: Database) throws -> [String: Int64] {
    try sums(of: order, "'packed', 'shipped', 'delivered'", in: db)
  }

  private static func sums(_ order: RecordID, _ states: String, in db: Database) throws -> [String: Int64] {
    var sums: [String: Int64] = [:]
    try db.each(
      """
      SELECT l.line_id, sum(l.quantity) FROM shipment_lines AS l JOIN shipments AS s ON s.id = l.shipment_id
      WHERE s.order_id = \(order) AND s.status IN (\(raw: states)) GROUP BY l.line_id
      """
    ) { sums[$0.text(0)] = Int64($0.int(1)) }
    return sums
  }

  private static func sums(of order: RecordID, _ states: String, in db: Database) throws -> [String: Int64] {
    try sums(order, states, in: db)
  }

  static func insert(_ shipment: Shipment, of order: RecordID, _ act: ActContext) throws -> Shipment {
    var made = shipment
    made.id = RecordID.make(at: act.now).text
    try act.db.run(
      """
      INSERT INTO shipments (id, order_id, position, status, method, carrier, tracking, destination, shipped_on, delivered_on, created_at, actor_id, actor_name)
      SELECT \(made.id), \(order), coalesce(max(position), 0) + 1, \(made.status.rawValue), \(made.method), \(made.carrier), \(made.tracking),
        \(made.destination), \(made.shippedOn), \(made.deliveredOn), \(act.now), \(act.actor.id), \(act.actor.name)
      FROM shipments WHERE order_id = \(order)
      """)
    made.lines = []
    for line in shipment.lines {
      let line = Shipment.Line(id: RecordID.make(at: act.now).text, line: line.line, quantity: line.quantity)
      try act.db.run(
        """
        INSERT INTO shipment_lines (id, shipment_id, line_id, quantity) VALUES (\(line.id), \(made.id), \(line.line), \(Int(line.quantity)))
        """)
      made.lines.append(line)
    }
    return made
  }

  /// Moves a shipment on, if it still is where it was seen. Of two who do it at once, one does.
  static func move(_ shipment: Shipment, to status: Shipment.Status, on day: String, in db: Database) throws -> Bool {
    let assignment: SQL =
      switch status {
      case .shipped: ", shipped_on = \(day)"
      case .delivered: ", delivered_on = \(day)"
      case .packed, .cancelled: ""
      }
    return try db.run(
      "UPDATE shipments SET status = \(status.rawValue)\(assignment) WHERE id = \(shipment.id) AND status = \(shipment.status.rawValue)")
      == 1
  }
}
