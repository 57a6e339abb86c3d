import Admin
import Base
import Store

/// Which entries a reader gets.
struct StatementReader: Sendable {
  let customer: AccountStatement.Customer
  let id: RecordID
  /// Of orders: those that may be named. A statement is for those who may read all invoices, and so what was paid for them and for their orders.
  let orderScope: Scope

  func statement(_ period: AccountStatement.Period, on today: Day, in db: Database) throws -> AccountStatement {
    var accounts = try accounts(period, in: db)
    for (currency, ageing) in try ageing(period, on: today, in: db) {
      if let index = accounts.firstIndex(where: { $0.currency == currency }) { accounts[index].ageing.open = ageing }
    }
    for index in accounts.indices { accounts[index].ageing.rest = accounts[index].closing - accounts[index].ageing.open.reduce(0, +) }
    accounts.removeAll { $0.count == 0 && $0.opening == 0 && $0.ageing.open.allSatisfy { $0 == 0 } }
    let newest = try entries(
      "date BETWEEN \(period.first) AND \(period.last)", order: "date DESC, rank DESC, place DESC, id DESC", limit: AccountStatement.most,
      in: db)
    for entry in newest.reversed() {
      if let index = accounts.firstIndex(where: { $0.currency == entry.currency }) { accounts[index].entries.append(entry) }
    }
    return AccountStatement(period: period, accounts: accounts)
  }

  /// Those of one currency in a period, in order; after a place.
  func entries(_ period: AccountStatement.Period, _ currency: String, after place: AccountStatement.Place?, limit: Int, in db: Database)
    throws
    -> [AccountStatement.Entry]
  {
    let after: SQL =
      place.map { " AND (date, rank, place, id) > (\($0.date), \($0.rank), \($0.key), \($0.id))" } ?? ""
    return try entries(
      "currency = \(currency) AND date BETWEEN \(period.first) AND \(period.last)\(after)", order: "date, rank, place, id", limit: limit,
      in: db)
  }

  // MARK: SQL

  private static let isIssued: SQL = "status IN ('issued', 'credited')"

  /// What a file says was paid for an order settles a bill that isn't here, unless there is one.
  private static let isBilledHere: SQL =
    """
    (payments.method <> \(Payment.imported.0)
      OR EXISTS (SELECT 1 FROM invoices AS bill WHERE bill.order_id = orders.id AND bill.\(isIssued)))
    """

  private var column: SQL { "\(raw: customer.rawValue)_id" }

  /// Everything that changes what the customer owes. Of one day, invoices come before what lowers them.
  private var movements: SQL {
    """
    SELECT invoices.date AS date, iif(invoices.kind = 'credit_note', 1, 0) AS rank, invoices.number_sort AS place, invoices.id AS id,
      invoices.total_currency AS currency, iif(invoices.kind = 'credit_note', -invoices.total, invoices.total) AS amount,
      invoices.kind AS kind, invoices.name AS number, invoices.id AS record, 0 AS is_order, invoices.title AS text, '' AS method,
      iif(invoices.kind = 'credit_note', '', invoices.due_on) AS due_on
    FROM invoices WHERE invoices.\(column) = \(id) AND invoices.\(Self.isIssued)
    UNION ALL
    SELECT payments.date, 2, payments.id, payments.id, payments.currency, -payments.amount, iif(payments.amount < 0, 'refund', 'payment'),
      invoices.name, invoices.id, 0, payments.reference, payments.method, ''
    FROM invoices JOIN payments ON payments.record_id = invoices.id
    WHERE invoices.\(column) = \(id) AND payments.voided_at IS NULL
    UNION ALL
    SELECT payments.date, 2, payments.id, payments.id, payments.currency, -payments.amount, iif(payments.amount < 0, 'refund', 'payment'),
      iif(true\(orderScope.condition(on: "orders")), orders.name, ''), orders.id, 1, payments.reference, payments.method, ''
    FROM orders JOIN payments ON payments.record_id = orders.id
    WHERE orders.\(column) = \(id) AND payments.voided_at IS NULL AND \(Self.isBilledHere)
    """
  }

  private func entries(_ condition: SQL, order: SQL, limit: Int, in db: Database) throws -> [AccountStatement.Entry] {
    try db.all(
      """
      SELECT kind, date, currency, amount, number, record, is_order, text, method, due_on, rank, place, id FROM (\(movements))
      WHERE currency <> '' AND \(condition) ORDER BY \(order) LIMIT \(limit)
      """
    ) { row in
      let kind = AccountStatement.Kind(rawValue: row.text(0)) ?? .payment
      let (number, isOrder) = (row.text(4), row.bool(6))
      let page = (isOrder ? RecordType.order : .invoice).path(of: row.text(5))
      let isPayment = kind == .payment || kind == .refund
      return AccountStatement.Entry(
        kind: kind, date: row.text(1), currency: row.text(2), amount: Int64(row.int(3)), number: number,
        path: number.isEmpty ? "" : isPayment ? page + "/payments" : page, text: row.text(7), method: row.text(8), dueOn: row.text(9),
        place: .init(date: row.text(1), rank: row.int(10), key: row.text(11), id: row.text(12)))
    }
  }

  private func accounts(_ period: AccountStatement.Period, in db: Database) throws -> [AccountStatement.Account] {
    let isBefore: SQL = "date < \(period.first)"
    return try db.all(
      """
      SELECT currency, sum(iif(\(isBefore), amount, 0)), sum(amount), sum(iif(\(isBefore), 0, max(amount, 0))),
        sum(iif(\(isBefore), 0, max(-amount, 0))), sum(iif(\(isBefore), 0, 1))
      FROM (\(movements)) WHERE date <= \(period.last) AND currency <> '' GROUP BY currency ORDER BY currency
      """
    ) { row in
      AccountStatement.Account(
        currency: row.text(0), opening: Int64(row.int(1)), closing: Int64(row.int(2)), debit: Int64(row.int(3)), credit: Int64(row.int(4)),
        count: row.int(5))
    }
  }

  /// What is open of invoices at the end of the period, by currency and age. What was paid for an order counts for its invoices, the oldest first, as
  /// `PaymentActs` has it.
  private func ageing(_ period: AccountStatement.Period, on today: Day, in db: Database) throws -> [(String, [Int64])] {
    let day = period.until.map { min($0, today) } ?? today
    func due(_ overdue: Int) -> SQL { "due_on >= \(day.adding(days: -overdue).text)" }
    let bounds = AccountStatement.Ageing.bounds
    let ages = bounds.indices.map { place -> SQL in
      place == 0 ? "due_on = '' OR \(due(bounds[0]))" : "\(due(bounds[place])) AND NOT \(due(bounds[place - 1]))"
    }
    let oldest: SQL = "due_on <> '' AND NOT \(due(bounds[bounds.count - 1]))"
    let sums = SQL(joining: (ages + [oldest]).map { age -> SQL in "sum(iif(\(age), open, 0))" }, separator: ", ")
    func paid(_ record: SQL) -> SQL {
      "SELECT sum(amount) FROM payments WHERE record_id = \(record) AND voided_at IS NULL AND date <= \(period.last)"
    }
    let order: SQL =
      "(SELECT orders.id FROM orders WHERE orders.id = bill.order_id AND orders.\(column) = \(id))"
    return try db.all(
      """
      WITH bill AS (
        SELECT invoices.total_currency AS currency, invoices.due_on AS due_on, invoices.seq AS seq, invoices.order_id AS order_id,
          max(0, invoices.total
            - coalesce((SELECT sum(total) FROM invoices AS note WHERE note.credits_id = invoices.id AND note.kind = 'credit_note'
              AND note.\(Self.isIssued) AND note.date <= \(period.last) AND note.\(column) = \(id)), 0)
            - coalesce((\(paid("invoices.id"))), 0)) AS rest
        FROM invoices
        WHERE invoices.\(column) = \(id) AND invoices.kind = 'invoice' AND invoices.\(Self.isIssued) AND invoices.date <= \(period.last)
      ), shared AS (
        SELECT currency, due_on, rest,
          coalesce((\(paid(order))), 0)
            - (sum(rest) OVER (PARTITION BY order_id ORDER BY seq) - rest) AS advance
        FROM bill
      ), bills AS (SELECT currency, due_on, rest - max(0, min(rest, advance)) AS open FROM shared)
      SELECT currency, \(sums) FROM bills WHERE open > 0 GROUP BY currency
      """
    ) { row in (row.text(0), (1...5).map { Int64(row.int($0)) }) }
  }
}
