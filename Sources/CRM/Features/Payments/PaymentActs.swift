import Admin
import Base
import Money
import Store
import Web

/// Recording payments. Each act brings the document's payment status along.
enum PaymentActs {
  /// `isRepeated` says that somebody has seen that such a payment is there already.
  static func add(_ payment: Payment, to document: Record, isRepeated: Bool = false, _ act: ActContext) throws -> Outcome {
    if document.isTrashed { return .inTrash(document.header, typed: true) }
    var errors = ValidationErrors()
    if document.status == "draft" { errors.add("", Message("A draft can’t be paid. Confirm or issue it first.")) }
    if document.status == "cancelled", payment.amount > 0 { errors.add("", Message("It was cancelled. Only refunds can be recorded.")) }
    if document["kind"].text == "credit_note" {
      errors.add("", Message("Record the refund on the invoice that this credits."))
    }
    if payment.amount == 0 { errors.add("amount", Message("Enter an amount.")) }
    if payment.currency != document["currency"].text {
      errors.add("amount", otherCurrency(document["currency"].text))
    }
    if !range.contains(payment.amount) { errors.add("amount", Message("This amount is too large.")) }
    if Day(payment.date) == nil { errors.add("date", Message("Enter a date.")) }
    let received = try paid(for: document, in: act.db).paid
    if payment.amount < min(0, -received) {
      errors.add("amount", Message("Only {amount} was paid.", money: ["amount": DocumentValues(document).money(max(0, received))]))
    }
    if errors.isEmpty, !isRepeated, try PaymentStore.hasSame(as: payment, of: document.id, in: act.db) {
      errors.add("again", Message("This payment is already recorded. Tick the box if this is another one."))
    }
    guard errors.isEmpty else { return .invalid(errors) }
    let id = try PaymentStore.insert(payment, of: document.id, act)
    return try follow(document, as: payment.amount < 0 ? "refunded" : "paid", act)
      .undone(by: "\(document.header.href)/payments/\(id.text)/void")
  }

  /// What a payment may be, in minor units: so many of them can be added up.
  private static let range: ClosedRange<Int64> = -999_999_999_999_999...999_999_999_999_999

  /// What is wrong with what a file says was paid.
  static func problem(withImported paid: FieldValue, of order: DocumentValues) -> Message? {
    guard case .amount(let minor, let currency) = paid else { return nil }
    if currency != order.currency { return otherCurrency(order.currency) }
    if !range.contains(Int64(minor)) { return Message("This amount is too large.") }
    return ["", "draft"].contains(order["status"].text) ? Message("A draft can’t be paid. Confirm or issue it first.") : nil
  }

  private static func otherCurrency(_ currency: String) -> Message {
    Message("Payments must be in the document’s currency, {currency}.", ["currency": currency])
  }

  /// What an order brings along as paid, from a file, becomes a payment of its day: what was paid is what its payments come to.
  static let imported = MoneyField.Effect(rows: ("payments", "record_id")) { amount, id, act in
    guard act.batch != nil, case .amount(let minor, let currency) = amount, let order = try RecordType.order.record(id, in: act.db) else {
      return
    }
    let missing = Int64(minor) - (try paid(for: order, in: act.db).paid)
    guard missing != 0 else { return }
    _ = try PaymentStore.insert(
      Payment(date: order["date"].text, amount: missing, currency: currency, method: Payment.imported.0), of: id, act)
  }

  /// A payment that was recorded by mistake.
  static func void(_ payment: Payment, of document: Record, _ reason: String, _ act: ActContext) throws -> Outcome {
    guard try PaymentStore.void(payment, reason, act) else { return .unchanged(document.id) }
    return try follow(document, as: "payment_voided", act)
  }

  /// Writes what the payments of a document come to, and brings along those that share them: an order and its invoices.
  private static func follow(_ document: Record, as action: String, _ act: ActContext) throws -> Outcome {
    let outcome: Outcome
    if document.type === RecordType.invoice {
      outcome = try write(document, as: action, act)
      if let order = RecordID(document["order"].text) { try follow(order: order, act) }
    } else {
      outcome = try write(document, as: action, act)
      for invoice in try PaymentStore.invoices(of: document.id, in: act.db) { try follow(invoice: invoice, act) }
    }
    return outcome
  }

  /// Brings an order along after something happened to its invoices.
  static func follow(order id: RecordID, _ act: ActContext) throws {
    guard let order = try RecordType.order.record(id, in: act.db), !order.isTrashed else { return }
    _ = try write(order, as: "payment_status", act)
    for invoice in try PaymentStore.invoices(of: id, in: act.db) { try follow(invoice: invoice, act) }
  }

  static func follow(invoice id: RecordID, _ act: ActContext) throws {
    guard let invoice = try RecordType.invoice.record(id, in: act.db), !invoice.isTrashed else { return }
    _ = try write(invoice, as: "payment_status", act)
  }

  private static func write(_ document: Record, as action: String, _ act: ActContext) throws -> Outcome {
    let outcome = try document.type.set(figures(of: DocumentValues(document), document, in: act.db), of: document, as: action, act)
    // What is written already would stay.
    if !outcome.errors.isEmpty { throw Refused(outcome: outcome) }
    return outcome
  }

  /// What the payments of a document come to, by the names of fields: of its values, as they are to be, and the record as it is.
  static func figures(of values: DocumentValues, _ document: Record, in db: Database) throws -> [String: FieldValue] {
    let sum = try paid(for: document, in: db)
    // What was credited of an order's invoices isn't to be paid.
    let credited = document.type === RecordType.order ? try PaymentStore.credited(of: document.id, in: db) : values.minor("credited")
    let total = values.minor("total") - credited
    return [
      "paid": sum.paid == 0 && !sum.isRefunded ? .empty : values.amount(sum.paid),
      "payment_status": .text(Payment.status(total: total, paid: sum.paid, isRefunded: sum.isRefunded, isSettled: credited > 0)),
    ]
  }

  /// What was paid for a document. An order has what was paid for its invoices, too; what was paid for the order itself counts for its invoices, the oldest
  /// first.
  static func paid(for document: Record, in db: Database) throws -> (paid: Int64, isRefunded: Bool) {
    var own = try PaymentStore.sum(of: document.id, in: db)
    if document.type === RecordType.order {
      for invoice in try PaymentStore.invoices(of: document.id, in: db) {
        let part = try PaymentStore.sum(of: invoice, in: db)
        own = (own.paid + part.paid, own.isRefunded || part.isRefunded)
      }
      return own
    }
    guard let order = RecordID(document["order"].text) else { return own }
    var left = try PaymentStore.sum(of: order, in: db).paid
    for id in try PaymentStore.invoices(of: order, in: db) {
      guard left > 0, let invoice = try RecordType.invoice.record(id, in: db) else { break }
      let values = DocumentValues(invoice)
      let open = max(0, values.minor("total") - values.minor("credited") - (try PaymentStore.sum(of: id, in: db).paid))
      let part = min(open, left)
      if id == document.id { return (own.paid + part, own.isRefunded) }
      left -= part
    }
    return own
  }

  /// What was paid for an order and doesn't count for an invoice yet: an advance.
  static func unused(of order: RecordID, in db: Database) throws -> Int64 {
    var left = try PaymentStore.sum(of: order, in: db).paid
    for id in try PaymentStore.invoices(of: order, in: db) {
      guard left > 0, let invoice = try RecordType.invoice.record(id, in: db) else { break }
      let values = DocumentValues(invoice)
      left -= min(left, max(0, values.minor("total") - values.minor("credited") - (try PaymentStore.sum(of: id, in: db).paid)))
    }
    return left
  }
}
