import Admin
import Base
import Money
import Store
import Templating
import Web

/// The payments of a document: what is due, a form to record one, and what was recorded.
enum PaymentTab {
  private static let paymentSchema = ViewSchema(
    "payment",
    [
      ("id", .text), ("date", .text), ("amount", .text), ("method", .text), ("reference", .text), ("note", .text), ("by", .text),
      ("document", .text), ("documentHref", .optional(.text)), ("isVoided", .bool), ("voidReason", .text), ("voidHref", .optional(.text)),
    ])
  private static let formSchema = ViewSchema(
    "payment-form",
    [
      ("action", .text), ("date", .text), ("dateError", .optional(.text)), ("amount", .text), ("amountError", .optional(.text)),
      ("currency", .text), ("isRefund", .bool), ("methods", .html), ("reference", .text), ("note", .text), ("again", .optional(.text)),
      ("error", .optional(.text)),
    ])
  static let shape = ViewSchema(
    "payments",
    [
      ("record", .record(RecordFrame.shape)), ("total", .text), ("paid", .text), ("due", .text), ("isOver", .bool), ("dueOn", .text),
      ("isOverdue", .bool), ("form", .optional(.record(formSchema))), ("payments", .list(.record(paymentSchema))),
    ])

  /// One for each type of document that is paid.
  static func tab(of type: String) -> RecordTab {
    RecordTab(id: "payments", label: "Payments", of: type, rows: { header, _ in "SELECT 1 FROM payments WHERE record_id = \(header.id)" }) {
      context, type, header in try page(context, type, header)
    }
  }

  /// With what was typed, if it could not be saved.
  static func page(
    _ context: RequestContext, _ type: RecordType, _ header: RecordHeader, _ typed: FormFields? = nil,
    _ errors: ValidationErrors = ValidationErrors()
  ) throws -> Response {
    let (document, payments, today) = try context.store.read { db in
      guard let document = try type.record(header.id, in: db) else { throw HTTPError.notFound }
      return (document, try listed(of: document, context, in: db), try Settings.businessDay(at: context.now, in: db).text)
    }
    let values = DocumentValues(document)
    let view = DocumentView(values, context.formats)
    let due = values.minor("total") - values.minor("credited") - values.minor("paid")
    let mayWrite = context.may(.write, on: type.resource) && !header.isTrashed
    let isCreditNote = document["kind"].text == "credit_note"
    let isOpen = document.status != "draft" && !isCreditNote && (document.status != "cancelled" || values.minor("paid") > 0)
    let dueOn = document["due_on"].text
    return try context.page(
      "payments/payments",
      ViewData(
        shape,
        [
          .record(RecordFrame.record(header, type, tab: "payments", for: context)), .text(view.money(values.minor("total"))),
          .text(view.money(values.minor("paid"))), .text(view.money(abs(due))), .bool(due < 0),
          .text(dueOn.isEmpty ? "" : context.formats.date(dueOn)), .bool(isOpen && due > 0 && !dueOn.isEmpty && dueOn < today),
          mayWrite && isOpen || !errors.isEmpty ? .record(form(document, max(0, due), typed, errors, today, context)) : .null,
          .list(
            payments.map { payment, other in
              .record(
                ViewData(
                  paymentSchema,
                  [
                    .text(payment.id), .text(context.formats.date(payment.date)),
                    .text(context.formats.money(Amount(payment.amount, payment.currency))),
                    .text(context.language.text(Payment.label(ofMethod: payment.method))),
                    .text(payment.reference), .text(payment.note), .text(payment.by),
                    .text(other?.name ?? ""), other.map { .text($0.href + "/payments") } ?? .null, .bool(payment.isVoided),
                    .text(payment.voidReason),
                    mayWrite && other == nil && !payment.isVoided ? .text("\(header.href)/payments/\(payment.id)/void") : .null,
                  ]))
            }),
        ]), status: errors.isEmpty ? 200 : 422)
  }

  /// The payments of a document, and those of documents that share them: of an order's invoices, of an invoice's order. The latest first.
  private static func listed(
    of document: Record, _ context: RequestContext, in db: Database
  ) throws -> [(payment: Payment, other: RecordHeader?)] {
    let (type, ids): (RecordType, [RecordID]) =
      document.type === RecordType.invoice
      ? (.order, RecordID(document["order"].text).map { [$0] } ?? []) : (.invoice, try PaymentStore.invoices(of: document.id, in: db))
    var listed = try PaymentStore.all(of: document.id, in: db).map { (payment: $0, other: RecordHeader?.none) }
    for id in ids where context.may(.readOwn, on: type.resource) {
      guard let other = try type.header(id, context.scope(of: type.resource), db) else { continue }
      listed += try PaymentStore.all(of: id, in: db).map { ($0, other) }
    }
    return listed.sorted { ($0.payment.date, $0.payment.id) > ($1.payment.date, $1.payment.id) }
  }

  private static func form(
    _ document: Record, _ due: Int64, _ typed: FormFields?, _ errors: ValidationErrors, _ today: String, _ context: RequestContext
  ) -> ViewData {
    let values = DocumentValues(document)
    func error(_ input: String) -> Value { errors[input].map { .text(context.text($0)) } ?? .null }
    let open = MoneyField().posted(.amount(Int(due), currency: values.currency), "amount", context.formats).first?.value ?? ""
    return ViewData(
      formSchema,
      [
        .text(document.header.href + "/payments"), .text(typed?["date"] ?? today), error("date"),
        .text(typed?["amount"] ?? (due > 0 ? open : "")),
        error("amount"), .text(values.currency), .bool(typed?["refund"] != nil),
        context.choices(Payment.methods.map { (value: $0.0, label: $0.1) }).options(selected: typed?["method"] ?? Payment.methods[0].0),
        .text(typed?["reference"] ?? ""), .text(typed?["note"] ?? ""), error("again"), error(""),
      ])
  }
}
