import Admin
import Base
import Money
import Store

/// Money that came in for a document, or went back.
struct Payment: Sendable, Equatable {
  var id = ""
  /// A day.
  var date = ""
  /// In minor units; negative for a refund.
  var amount: Int64 = 0
  var currency = ""
  var method = ""
  var reference = ""
  var note = ""
  var by = ""
  var isVoided = false
  var voidReason = ""

  static let methods = [("transfer", "Bank transfer"), ("card", "Card"), ("cash", "Cash"), ("other", "Other")]

  /// What was paid before there was anything here to record it with: how is unknown.
  static let imported = ("imported", "Imported")

  static func label(ofMethod method: String) -> String { (methods + [imported]).first { $0.0 == method }?.1 ?? method }

  static let statuses = [
    ("pending", "Not paid"), ("partial", "Partly paid"), ("paid", "Paid"), ("overpaid", "Overpaid"), ("refunded", "Refunded"),
  ]

  /// What the payments of a document come to. `isSettled` says that nothing is left of it, since it was credited.
  static func status(total: Int64, paid: Int64, isRefunded: Bool, isSettled: Bool = false) -> String {
    if isRefunded, paid <= 0 { return "refunded" }
    if paid > total { return "overpaid" }
    if paid == total, total > 0 || paid > 0 || isSettled { return "paid" }
    return paid > 0 ? "partial" : "pending"
  }
}

/// All SQL over payments.
enum PaymentStore {
  private static let columns: SQL = "id, date, amount, currency, method, reference, note, actor_name, voided_at IS NOT NULL, void_reason"

  private static func payment(_ row: borrowing Row) -> Payment {
    Payment(
      id: row.text(0), date: row.text(1), amount: Int64(row.int(2)), currency: row.text(3), method: row.text(4), reference: row.text(5),
      note: row.text(6), by: row.text(7), isVoided: row.bool(8), voidReason: row.text(9))
  }

  /// The payments of a document, the latest first.
  static func all(of record: RecordID, in db: Database) throws -> [Payment] {
    try db.all("SELECT \(columns) FROM payments WHERE record_id = \(record) ORDER BY date DESC, id DESC LIMIT 1000", payment)
  }

  static func find(_ id: RecordID, of record: RecordID, in db: Database) throws -> Payment? {
    try db.first("SELECT \(columns) FROM payments WHERE id = \(id) AND record_id = \(record)", payment)
  }

  static func insert(_ payment: Payment, of record: RecordID, _ act: ActContext) throws -> RecordID {
    let id = RecordID.make(at: act.now)
    try act.db.run(
      """
      INSERT INTO payments (id, record_id, date, amount, currency, method, reference, note, created_at, actor_id, actor_name)
      VALUES (\(id), \(record), \(payment.date), \(Int(payment.amount)), \(payment.currency), \(payment.method), \(payment.reference), \(payment.note),
        \(act.now), \(act.actor.id), \(act.actor.name))
      """)
    return id
  }

  /// Takes a payment out of every sum; it stays to be seen.
  static func void(_ payment: Payment, _ reason: String, _ act: ActContext) throws -> Bool {
    try act.db.run(
      "UPDATE payments SET voided_at = \(act.now), void_reason = \(reason) WHERE id = \(payment.id) AND voided_at IS NULL") == 1
  }

  /// What was paid in all, and whether some of it went back.
  static func sum(of record: RecordID, in db: Database) throws -> (paid: Int64, isRefunded: Bool) {
    try db.first(
      "SELECT coalesce(sum(amount), 0), coalesce(max(amount < 0), 0) FROM payments WHERE record_id = \(record) AND voided_at IS NULL"
    ) { (Int64($0.int(0)), $0.bool(1)) } ?? (0, false)
  }

  /// What was credited of an order's invoices.
  static func credited(of order: RecordID, in db: Database) throws -> Int64 {
    Int64(
      try db.value(
        "SELECT coalesce(sum(total), 0) FROM invoices WHERE order_id = \(order) AND kind = 'credit_note' AND status = 'issued'") ?? 0)
  }

  /// The issued invoices of an order, the oldest first.
  static func invoices(of order: RecordID, in db: Database) throws -> [RecordID] {
    try db.all("SELECT id FROM invoices WHERE order_id = \(order) AND kind = 'invoice' AND status IN ('issued', 'credited') ORDER BY seq") {
      $0.recordID(0)
    }
  }

  /// Whether such a payment is there already: of the same amount, with the same reference.
  static func hasSame(as payment: Payment, of record: RecordID, in db: Database) throws -> Bool {
    try db.value(
      """
      SELECT 1 FROM payments WHERE record_id = \(record) AND amount = \(Int(payment.amount)) AND reference = \(payment.reference)
        AND date = \(payment.date) AND voided_at IS NULL LIMIT 1
      """) != nil
  }
}
