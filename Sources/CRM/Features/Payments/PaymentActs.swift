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
    if document.status == "draft" { errors.add("", Message("Confirm it before you record a payment.")) }
    if payment.amount == 0 { errors.add("amount", Message("Enter an amount.")) }
    if payment.currency != document["currency"].text {
      errors.add("amount", Message("Payments must be in the document’s currency, {currency}.", ["currency": document["currency"].text]))
    }
    if abs(payment.amount) > 999_999_999_999_999 { errors.add("amount", Message("This amount is too large.")) }
    if Day(payment.date) == nil { errors.add("date", Message("Enter a date.")) }
    if errors.isEmpty, !isRepeated, try PaymentStore.hasSame(as: payment, of: document.id, in: act.db) {
      errors.add("again", Message("The same payment was recorded already. Tick the box if this is another one."))
    }
    guard errors.isEmpty else { return .invalid(errors) }
    let id = try PaymentStore.insert(payment, of: document.id, act)
    return try follow(document, as: payment.amount < 0 ? "refunded" : "paid", act)
      .undone(by: "\(document.header.href)/payments/\(id.text)/void")
  }

  /// A payment that was recorded by mistake.
  static func void(_ payment: Payment, of document: Record, _ reason: String, _ act: ActContext) throws -> Outcome {
    guard try PaymentStore.void(payment, reason, act) else { return .unchanged(document.id) }
    return try follow(document, as: "payment_voided", act)
  }

  /// Writes what the payments of a document come to.
  private static func follow(_ document: Record, as action: String, _ act: ActContext) throws -> Outcome {
    let (paid, isRefunded) = try PaymentStore.sum(of: document.id, in: act.db)
    let values = DocumentValues(document)
    let status = Order.paymentStatus(total: values.minor("total"), paid: paid, isRefunded: isRefunded)
    return try document.type.set(
      ["paid": paid == 0 && !isRefunded ? .empty : values.amount(paid), "payment_status": .text(status)], of: document, as: action, act)
  }
}
