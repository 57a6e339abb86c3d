import Admin
import Base
import Money
import Store
import Web

/// What happens to invoices and credit notes besides editing drafts.
enum InvoiceActs {
  private static let type = RecordType.invoice

  private static let copied = [
    "contact", "company", "reference", "owner", "title", "discount", "discount_reason", "currency", "prices", "language", "shipping_vat",
  ]

  /// A draft of what is still to be invoiced of an order.
  static func draft(of order: Record, _ act: ActContext) throws -> (outcome: Outcome, invoice: RecordID?) {
    let (lines, invoiced) = try rest(of: order, in: act.db)
    guard lines.contains(where: \.kind.isPriced) else {
      return (.invalid(ValidationErrors("", Message("Everything in this order has been invoiced."))), nil)
    }
    var draft = DocumentValues(type.blank(), of: type)
    for name in copied { draft[name] = order[name] }
    draft.lines = lines
    draft["kind"] = .text("invoice")
    draft["order"] = .reference(id: order.id.text, name: order.name)
    // Shipping is invoiced once, with the first part.
    if invoiced.values.allSatisfy({ $0 == 0 }) { draft["shipping"] = order["shipping"] }
    return try make(draft, act)
  }

  /// A draft of a credit note over what wasn't credited yet.
  static func credit(_ invoice: Record, _ act: ActContext) throws -> (outcome: Outcome, invoice: RecordID?) {
    let (lines, credited) = try rest(of: invoice, in: act.db)
    guard lines.contains(where: \.kind.isPriced) else {
      return (.invalid(ValidationErrors("", Message("This invoice has been credited in full."))), nil)
    }
    var draft = DocumentValues(type.blank(), of: type)
    for name in copied + ["order"] { draft[name] = invoice[name] }
    draft.lines = lines
    draft["kind"] = .text("credit_note")
    draft["credits"] = .reference(id: invoice.id.text, name: invoice.name)
    if credited.values.allSatisfy({ $0 == 0 }) { draft["shipping"] = invoice["shipping"] }
    return try make(draft, act)
  }

  private static func make(_ draft: DocumentValues, _ act: ActContext) throws -> (Outcome, RecordID?) {
    let outcome = try type.create(draft.values, known: draft.values, act)
    if case .done(let id, _) = outcome { return (outcome, id) }
    return (outcome, nil)
  }

  /// Whether anything of an order is still to be invoiced, or of an invoice to be credited.
  static func isAnyLeft(of document: Record, in db: Database) throws -> Bool {
    try rest(of: document, in: db).lines.contains(where: \.kind.isPriced)
  }

  /// What is left of the lines of an order without what was invoiced, or of an invoice without what was credited; headings and notes go along.
  private static func rest(of document: Record, in db: Database) throws -> (lines: [DocumentLine], taken: [String: Int64]) {
    let taken =
      document.type === RecordType.order
      ? try InvoiceSources.invoiced(document.id, in: db) : try InvoiceSources.credited(document.id, in: db)
    let lines = DocumentValues(document).lines.compactMap { line -> DocumentLine? in
      guard line.kind.isPriced else { return line }
      var part = line
      part.source = line.id
      part.quantity = (line.quantity ?? 0) - (taken[line.id] ?? 0)
      return part.quantity ?? 0 > 0 ? part : nil
    }
    return (lines, taken)
  }

  /// Gives an invoice its number and fixes it: parties, lines and totals are as they are now from then on. Of a credit note, the goods of some lines can
  /// come back to the stock.
  static func issue(_ invoice: Record, returning lines: Set<String> = [], _ act: ActContext) throws -> Outcome {
    if invoice.status != "draft" { return .unchanged(invoice.id) }
    var document = DocumentValues(invoice)
    guard document.lines.contains(where: \.kind.isPriced) else {
      return .invalid(ValidationErrors("", Message("Add a line before you issue it.")))
    }
    try InvoiceSources.keepRecipient(&document, act)
    let today = try act.businessDay()
    let date = document["date"].isEmpty ? today : document["date"].text
    let series = Invoice.isCreditNote(invoice) ? NumberSeries.creditNote : .invoice
    if date > today { return .invalid(ValidationErrors("", Message("The date is in the future. Change it first."))) }
    if let credited = try RecordID(invoice["credits"].text).flatMap({ try type.record($0, in: act.db) }), date < credited["date"].text {
      return .invalid(ValidationErrors("", Message("A credit note can’t be dated before its invoice.")))
    }
    if let order = try RecordID(invoice["order"].text).flatMap({ try RecordType.order.record($0, in: act.db) }),
      order.status == "cancelled",
      !Invoice.isCreditNote(invoice)
    {
      return .invalid(ValidationErrors("", Message("The order of this invoice was cancelled.")))
    }
    if let last = try lastDate(of: invoice["kind"].text, in: act.db), date < last {
      return .invalid(
        ValidationErrors(
          "", Message("The last one issued is dated {day}. Choose that day or a later one.", days: ["day": last])))
    }
    var fixed: [String: FieldValue] = [
      "status": .text("issued"), "date": .text(date), "issued_at": .text(act.now.text), "recipient": try document.recipient(in: act.db),
      "sender": try Sender(act.settings(Sender.settings)).value,
    ]
    // It is printed in the language that the office has now, whenever that is.
    if document["language"].isEmpty { fixed["language"] = try act.settings(.defaultLanguage)[.defaultLanguage] }
    if document["due_on"].isEmpty, !Invoice.isCreditNote(invoice), let day = Day(date),
      let days = try act.settings(.paymentDays)[.paymentDays].number
    {
      fixed["due_on"] = .text(day.adding(days: days).text)
    }
    if let order = RecordID(invoice["order"].text), !Invoice.isCreditNote(invoice) {
      let left = try PaymentActs.unused(of: order, in: act.db)
      if left > 0 { fixed["prepaid"] = document.amount(min(left, document.minor("total"))) }
    }
    // Everything that could be wrong has been looked at: the number is taken when nothing is wrong any more.
    let errors = try InvoiceSources.errors(document, of: invoice.id, act)
    guard errors.isEmpty else { return .invalid(errors) }
    let number = try series.nextFree(on: date, in: type, where: "name <> 'Draft'", act)
    fixed["number"] = .text(number)
    let outcome = try type.set(fixed, of: invoice, as: "issued", act)
    // A number is never taken in vain.
    guard outcome.hasChanged else { throw Refused(outcome: outcome) }
    try CreditedGoods.takeBack(lines, of: invoice, named: number, act)
    if let credited = RecordID(invoice["credits"].text) { try follow(credited: credited, act) }
    if let order = RecordID(invoice["order"].text) { try PaymentActs.follow(order: order, act) }
    return outcome
  }

  private static func lastDate(of kind: String, in db: Database) throws -> String? {
    try db.text("SELECT max(date) FROM invoices WHERE kind = \(kind) AND status IN ('issued', 'credited')")
  }

  /// What was credited of an invoice.
  static func credited(of invoice: RecordID, in db: Database) throws -> Int64 {
    Int64(
      try db.value(
        "SELECT coalesce(sum(total), 0) FROM invoices WHERE credits_id = \(invoice) AND kind = 'credit_note' AND status = 'issued'") ?? 0)
  }

  /// Brings an invoice along that a credit note is about.
  private static func follow(credited id: RecordID, _ act: ActContext) throws {
    guard let invoice = try type.record(id, in: act.db) else { return }
    let sum = try credited(of: id, in: act.db)
    let document = DocumentValues(invoice)
    var values: [String: FieldValue] = ["credited": document.amount(sum)]
    let quantities = try InvoiceSources.credited(id, in: act.db)
    let isWhole = document.lines.allSatisfy { !$0.kind.isPriced || quantities[$0.id] ?? 0 >= $0.quantity ?? 0 }
    let drafts = try act.db.value("SELECT 1 FROM invoices WHERE credits_id = \(id) AND status = 'draft' LIMIT 1")
    if sum >= document.minor("total") || isWhole && drafts == nil { values["status"] = .text("credited") }
    _ = try type.set(values, of: invoice, as: "credited", act)
    try PaymentActs.follow(invoice: id, act)
  }
}

/// The steps of an invoice, and what its page says of them.
enum InvoiceActions {
  static let steps = DocumentSteps(
    type: { .invoice }, resource: .invoices, path: "/admin/crm/invoices",
    steps: [
      DocumentStep(
        id: "issue", label: "Issue", icon: "check2-circle", isPrimary: true, from: ["draft"],
        choices: { invoice, context, db in
          let parts = try CreditedGoods.parts(of: invoice, in: db)
          if parts.isEmpty { return nil }
          return DocumentStep.Choices(
            label: "Return to stock",
            choices: parts.flatMap { part in
              part.choices.map { choice in
                (
                  choice.value,
                  "\(Stock.display(choice.quantity, context.formats)) × \(part.name)" + (choice.serial.map { " · " + $0 } ?? "")
                )
              }
            })
        }
      ) { invoice, answer, act in
        let outcome = try InvoiceActs.issue(invoice, returning: answer.chosen, act)
        let name = try RecordType.invoice.record(invoice.id, in: act.db)?.name ?? invoice.name
        return .init(outcome: outcome, href: invoice.header.href, message: Message("{name} issued.", ["name": name]))
      },
      DocumentStep(
        id: "credit", label: "Make a credit note", icon: "arrow-counterclockwise", from: ["issued"],
        isOffered: { invoice, _, db in try !Invoice.isCreditNote(invoice) && InvoiceActs.isAnyLeft(of: invoice, in: db) }
      ) { invoice, _, act in
        if Invoice.isCreditNote(invoice) { throw HTTPError.notFound }
        let (outcome, note) = try InvoiceActs.credit(invoice, act)
        return .init(
          outcome: outcome, href: note.map { RecordType.invoice.path(of: $0.text) } ?? invoice.header.href,
          message: Message("A credit note for {name}. Remove what isn’t credited, then issue it.", ["name": invoice.name]))
      },
    ])

  static let panel = steps.panel { invoice, context, db in
    let today = try Settings.businessDay(at: context.now, in: db).text
    let due = invoice["due_on"].text
    let isOpen = ["pending", "partial"].contains(invoice["payment_status"].text) && !Invoice.isCreditNote(invoice)
    switch invoice.status {
    case "draft": return (Message("A draft. It gets its number when you issue it, and can’t be changed after that."), false)
    case "issued" where isOpen && !due.isEmpty && due < today:
      return (Message("Overdue since {day}.", ["day": context.formats.date(due)]), true)
    case "issued" where isOpen && !due.isEmpty: return (Message("To be paid by {day}.", ["day": context.formats.date(due)]), false)
    case "issued" where Invoice.isCreditNote(invoice):
      let returned = try CreditedGoods.returned(with: invoice, context.formats, in: db)
      return returned.isEmpty ? nil : (Message("Returned to stock: {goods}", ["goods": returned.joined(separator: ", ")]), false)
    case "credited": return (Message("Credited in full."), false)
    default: return nil
    }
  }

  /// On the page of an order.
  static let fromOrder = DocumentStep(
    id: "invoice", label: "Make an invoice", icon: "receipt", from: ["confirmed", "completed"],
    isOffered: { order, context, db in try context.may(.write, on: .invoices) && InvoiceActs.isAnyLeft(of: order, in: db) }
  ) { order, _, act in
    guard act.principal.may(.write, on: .invoices) else { throw HTTPError.forbidden(.notOfYourRole) }
    let (outcome, invoice) = try InvoiceActs.draft(of: order, act)
    return .init(
      outcome: outcome, href: invoice.map { RecordType.invoice.path(of: $0.text) } ?? order.header.href,
      message: Message("A draft of the invoice for {name}.", ["name": order.name]))
  }

  static let labels = [
    ActionLabel(action: "invoice.issued", label: "Issued", icon: "check2-circle"),
    ActionLabel(action: "invoice.credited", label: "Credited", icon: "arrow-counterclockwise"),
  ]
}
