import Admin
import Base
import Store
import Web

/// What the Payments tab of a document posts.
struct PaymentHandlers: Sendable {
  let type: @Sendable () -> RecordType
  let resource: Resource
  let path: String

  var routes: [Route] {
    [
      .post(path + "/{id}/payments", .write(resource), draft: draft, add),
      .post(path + "/{id}/payments/{payment}/void", .write(resource), void),
    ]
  }

  @Sendable private func draft(_ context: RequestContext) throws -> Response {
    let type = type()
    return try PaymentTab.page(context, type, try context.header(of: type), try context.form())
  }

  @Sendable private func add(_ context: RequestContext) throws -> Response {
    let type = type()
    let header = try context.header(of: type)
    let form = try context.form()
    let currency = try context.store.read { db in try type.record(header.id, in: db)?["currency"].text } ?? ""
    let (payment, problems) = read(form, currency, context)
    guard problems.isEmpty else { return try PaymentTab.page(context, type, header, form, problems) }
    let scope = try context.scope(of: resource)
    let outcome = try Refused.caught {
      try context.act { act in
        guard let document = try RecordStore.find(header.id, of: type, scope, in: act.db) else { throw HTTPError.notFound }
        return try PaymentActs.add(payment, to: document, isRepeated: form["again"] != nil, act)
      }
    }
    if case .invalid(let errors) = outcome { return try PaymentTab.page(context, type, header, form, errors) }
    return context.redirect(to: header.href + "/payments", outcome, Message("Payment recorded."), orElse: Message("Nothing to change."))
  }

  private func read(_ form: FormFields, _ currency: String, _ context: RequestContext) -> (Payment, ValidationErrors) {
    var reader = FormReader(
      form, single: ["date", "amount", "amount_currency", "refund", "method", "reference", "note", "again"], formats: context.formats)
    var payment = Payment()
    payment.currency = currency
    payment.date = reader.line("date", atMost: 40)
    payment.method = reader.choice("method", of: Payment.methods.map(\.0))
    payment.reference = reader.line("reference")
    payment.note = reader.text("note", atMost: 2_000)
    if case .amount(let minor, let code) = MoneyField().read("amount", from: &reader) {
      payment.amount = form["refund"] == nil ? Int64(minor) : -Int64(minor)
      payment.currency = code
      if minor < 0 { reader.problem("amount", Message("An amount can’t be negative. Tick “Refund” for money that goes back.")) }
    } else {
      reader.problem("amount", Message("Enter an amount."))
    }
    return (payment, reader.problems)
  }

  @Sendable private func void(_ context: RequestContext) throws -> Response {
    let type = type()
    let header = try context.header(of: type)
    let (id, scope) = (try context.id("payment"), try context.scope(of: resource))
    var reader = FormReader(try context.form(), single: ["reason"])
    let reason = reader.line("reason")
    let outcome = try Refused.caught {
      try context.act { act -> Outcome in
        guard let document = try RecordStore.find(header.id, of: type, scope, in: act.db),
          let payment = try PaymentStore.find(id, of: document.id, in: act.db)
        else { throw HTTPError.notFound }
        if document.isTrashed { return .inTrash(document.header) }
        return try PaymentActs.void(payment, of: document, reason, act)
      }
    }
    return context.redirect(to: header.href + "/payments", outcome, Message("Payment voided."), orElse: Message("Already voided."))
  }
}
