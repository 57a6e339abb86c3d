import Admin
import Base
import Store

/// Which serial number is on which order. Kept beside the lines, so that no two orders get the same piece.
enum SerialStore {
  /// Pieces of different products may have the same number.
  static func key(_ serial: String, of product: String) -> String { product + "\n" + TextFolding.fold(serial) }

  /// The number of the order that has such a piece.
  static func order(with key: String, besides order: RecordID?, in db: Database) throws -> String? {
    try db.text(
      """
      SELECT o.name FROM order_serials AS s JOIN orders AS o ON o.id = s.order_id
      WHERE s.serial = \(key) AND s.order_id <> \(order?.text ?? "") LIMIT 1
      """)
  }

  static func set(_ keys: Set<String>, of order: RecordID, in db: Database) throws {
    try release(order, in: db)
    let returned = try returned(from: order, in: db)
    for key in keys.subtracting(returned).sorted() {
      try db.run("INSERT INTO order_serials (serial, order_id) VALUES (\(key), \(order))")
    }
  }

  static func release(_ order: RecordID, in db: Database) throws {
    try db.run("DELETE FROM order_serials WHERE order_id = \(order)")
  }

  // MARK: Coming back

  /// A piece that came back: the order goes on naming it, and another can have it.
  static func takeBack(_ key: String, from order: RecordID, in db: Database) throws {
    try db.run("DELETE FROM order_serials WHERE serial = \(key) AND order_id = \(order)")
    try db.run("INSERT INTO returned_serials (order_id, serial) VALUES (\(order), \(key)) ON CONFLICT DO NOTHING")
  }

  static func returned(from order: RecordID, in db: Database) throws -> Set<String> {
    Set(try db.all("SELECT serial FROM returned_serials WHERE order_id = \(order)") { $0.text(0) })
  }
}
