import Admin
import Base
import Money
import Store

extension RecordType {
  /// What a customer has to pay, or gets back: an invoice or a credit note. Once it is issued nothing in it changes.
  static let invoice: RecordType = RecordType(
    "invoice", label: "Invoice", icon: "receipt", emblem: .icon, resource: .invoices,
    words: Words(new: "New invoice", create: "Create invoice", inTrash: "This invoice is in the trash. Restore it to make changes."),
    sections: [
      Document.customer,
      FormSection(
        id: "invoice", title: "Invoice",
        fields: [
          Field(
            "number", "Number", LineField(column: "name"), isSearched: true, isDetail: false, isReadOnly: true, index: .sorted("by_name"),
            sort: .init(key: .init("number_sort", startsDescending: true, empty: .never), index: "by_number")),
          Field("kind", "Type", ChoiceField(choices: Invoice.kinds), isReadOnly: true),
          Field("status", "Status", StatusField(statuses: [.draft, .issued, .credited]), isDetail: false, isReadOnly: true),
          Field("title", "Title", hint: "What the invoice is about.", isSearched: true),
          Field("date", "Date", DateField(ofBusiness: true), hint: "Today, if left empty.", size: .third, index: .sorted("by_date")),
          Field("due_on", "Due on", DateField(ofBusiness: true), size: .third, index: .sorted("by_due")),
          Field("order", "Order", ReferenceField(to: .order), isDetail: false, isReadOnly: true),
          Field("credits", "Credits", ReferenceField(to: .invoice), isDetail: false, isReadOnly: true),
        ]),
      Document.lines(of: "/admin/crm/invoices"), Document.money,
      FormSection(
        id: "terms", title: "Texts", hint: "Printed on the invoice.",
        fields: [
          Field("introduction", "Introduction", TextField(), isDetail: false), Field("terms", "Terms", TextField(), isDetail: false),
        ]),
      Document.totals,
      FormSection(
        id: "progress", title: "Progress",
        fields: [
          Field("recipient", "Recipient", RecipientField(), isReadOnly: true),
          Field("sender", "Sender", RecipientField(), isDetail: false, isReadOnly: true),
          Field("payment_status", "Payment", ChoiceField(choices: Payment.statuses), isReadOnly: true, index: .values("by_payment")),
          Field("paid", "Paid", MoneyField(), isReadOnly: true),
          Field("prepaid", "Paid in advance", MoneyField(), isDetail: false, isReadOnly: true),
          Field("credited", "Credited", MoneyField(), isReadOnly: true),
          Field("issued_at", "Issued", MomentField(), isReadOnly: true),
        ]),
    ],
    list: ListDefinition(
      name: "invoices", title: "Invoices", path: "/admin/crm/invoices", icon: "receipt", resource: .invoices, table: "invoices",
      searchTable: "invoice_search",
      defaultColumns: ["number", "kind", "title", "contact", "company", "date", "due_on", "total", "payment_status", "status"],
      defaultSort: "-number",
      filters: [
        ListFilter(id: "unpaid", label: "Not fully paid", predicate: unpaid),
        ListFilter(id: "overdue", label: "Overdue", predicate: overdue, attention: "Overdue invoices: {count}"),
      ],
      parts: [
        ListPart(
          index: "unpaid", unpaid,
          condition: "status = 'issued' AND kind = 'invoice' AND payment_status IN ('pending', 'partial')", with: ["due_on"])
      ],
      sum: .init(amount: "iif(kind = 'credit_note', -total, total)", currency: "total_currency"),
      words: ListDefinition.Words(
        newRecord: "New invoice", searchHint: "Number, title or product", one: "{n} invoice", many: "{n} invoices",
        emptyTitle: "No invoices yet", emptyText: "Make an invoice from an order, or write one here. It gets its number when you issue it.")
    ),
    line: ["title"], panels: [InvoiceActions.panel, DocumentPanel.lines, DocumentPanel.texts, Invoice.related],
    suggestionDetails: ["title"],
    derived: [Document.sortColumn],
    home: RecordHome(), isImported: false,
    rule: Invoice.rule, lock: Invoice.lock, derive: Invoice.derive, whenNew: { values, _ in Invoice.name(&values) })

  private static let isOpen: [Predicate] = [
    .where("status", .isAnyOf, "issued"), .where("kind", .isAnyOf, "invoice"), .where("payment_status", .isAnyOf, "pending", "partial"),
  ]
  private static let unpaid = Predicate.and(isOpen).normalized
  private static let overdue = Predicate.and(isOpen + [.where("due_on", .before, "today")]).normalized
}

extension RecordTarget {
  static let invoice = RecordTarget(table: "invoices", path: "/admin/crm/invoices", resource: .invoices)
}

enum Invoice {
  static let kinds = [("invoice", "Invoice"), ("credit_note", "Credit note")]
  /// What an invoice is called until it gets its number.
  static let draftName = "Draft"

  static func name(_ values: inout [FieldValue]) {
    if let index = RecordType.invoice.index(of: "number") { values[index] = .text(draftName) }
  }

  static func isCreditNote(_ invoice: Record) -> Bool { invoice["kind"].text == "credit_note" }

  @Sendable static func derive(_ values: inout [FieldValue], _ stored: Record?, _ act: ActContext) throws -> ValidationErrors {
    if let stored, stored.status != "draft" { return ValidationErrors() }
    var invoice = DocumentValues(values, of: .invoice)
    try InvoiceSources.share(&invoice, of: stored?.id, act)
    let hadDate = !invoice["date"].isEmpty
    var errors = try Document.complete(&invoice, stored: stored, act)
    // A draft has the date of the day on which it is issued.
    if !hadDate { invoice["date"] = .empty }
    if stored == nil, invoice["terms"].isEmpty { invoice["terms"] = try act.settings(.invoiceTerms)[.invoiceTerms] }
    errors.add(try InvoiceSources.errors(invoice, of: stored?.id, act))
    invoice["payment_status"] = .text("pending")
    values = invoice.values
    return errors
  }

  static let related = RelatedDocuments.panel { invoice in
    [
      .init(label: "Order", type: .order, condition: "id = \(invoice["order"].text)"),
      .init(label: "Credits", type: .invoice, condition: "id = \(invoice["credits"].text)"),
      .init(label: "Credit note", type: .invoice, condition: "credits_id = \(invoice.id)"),
    ]
  }

  @Sendable static func lock(_ status: String) -> RecordLock? {
    status == "draft" ? nil : RecordLock(open: ["owner"], Message("An issued invoice can’t be changed. Make a credit note instead."))
  }

  @Sendable static func rule(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    var errors = ValidationErrors()
    switch change {
    case .create, .save, .restore: break
    case .trash(let header):
      if header.status != "draft" { errors.add("", Message("An issued invoice can’t be deleted. Make a credit note instead.")) }
    case .delete(let header):
      if header.name != draftName { errors.add("", Message("An issued invoice can’t be deleted. Make a credit note instead.")) }
    }
    return errors
  }
}

extension Setting {
  static let invoiceTerms = Setting(Field("invoice_terms", "Terms on invoices", TextField(), hint: "Filled in on new invoices."))
}
