import Admin
import Base
import Store

extension RecordType {
  /// What a customer is offered, at which prices and until when.
  static let quote: RecordType = RecordType(
    "quote", label: "Quote", icon: "file-earmark-text", emblem: .icon, resource: .quotes,
    words: Words(new: "New quote", create: "Create quote", inTrash: "This quote is in the trash. Restore it to make changes."),
    sections: [
      Document.customer,
      FormSection(
        id: "quote", title: "Quote",
        fields: [
          Document.number(),
          Field(
            "status", "Status", StatusField(statuses: [.draft, .sent, .accepted, .declined, .superseded]), isDetail: false, isReadOnly: true
          ),
          Field("title", "Title", hint: "What the quote is about.", isSearched: true),
          Field("date", "Date", DateField(ofBusiness: true), size: .third, index: .sorted("by_date")),
          Field(
            "valid_until", "Valid until", DateField(ofBusiness: true), hint: "Can be accepted until the end of this day.", size: .third),
        ]),
      Document.lines(of: "/admin/crm/quotes"), Document.money,
      FormSection(
        id: "terms", title: "Texts", hint: "Printed on the quote.",
        fields: [
          Field("introduction", "Introduction", TextField(), isDetail: false), Field("terms", "Terms", TextField(), isDetail: false),
        ]),
      Document.totals,
      FormSection(
        id: "answer", title: "Answer",
        fields: [
          Field("recipient", "Recipient", RecipientField(), isReadOnly: true),
          Field("sent_at", "Sent", MomentField(), isReadOnly: true), Field("answered_at", "Answered", MomentField(), isReadOnly: true),
          Field("answered_by", "Answered by", isReadOnly: true),
          Field("decline_reason", "Reason for declining", TextField(), isReadOnly: true),
          Field("revision", "Revision", DecimalField.whole(1...9_999), isDetail: false, isReadOnly: true),
          Field("revises", "Replaces", ReferenceField(to: .quote), isDetail: false, isReadOnly: true),
        ]),
    ],
    list: ListDefinition(
      name: "quotes", title: "Quotes", path: "/admin/crm/quotes", icon: "file-earmark-text", resource: .quotes, table: "quotes",
      searchTable: "quote_search",
      defaultColumns: ["number", "title", "contact", "company", "date", "valid_until", "total", "status"], defaultSort: "-number",
      filters: [
        ListFilter(id: "open", label: "Waiting for an answer", predicate: .where("status", .isAnyOf, "sent")),
        ListFilter(id: "expired", label: "Expired", predicate: expired, attention: "Expired quotes: {count}"),
      ],
      acts: [MenuItem(label: "Board", path: "/admin/crm/quotes/board", icon: "kanban", resource: .quotes)],
      sum: .init(amount: "total", currency: "total_currency"),
      words: ListDefinition.Words(
        newRecord: "New quote", searchHint: "Number, title or product", one: "{n} quote", many: "{n} quotes", emptyTitle: "No quotes yet",
        emptyText: "Write a quote, send the customer its link, and turn it into an order when they accept.")),
    line: ["title"],
    panels: [
      QuoteActions.panel, QuoteChanges.panel, QuoteLinkPanel.panel, DocumentPanel.lines, DocumentPanel.texts, Quote.related,
    ],
    suggestionDetails: ["title"],
    derived: [Document.sortColumn], home: RecordHome(figures: [.init("Open quotes", tab: "sent")], offersNew: true),
    rule: Quote.rule, lock: Quote.lock, derive: Quote.derive,
    whenNew: { values, act in try Document.number(&values, of: .quote, .quote, act) },
    whenTrashed: { isTrashed, id, act in try QuoteActs.follow(revision: id, isTrashed: isTrashed, act) })

  /// Sent, not answered, and past its last day.
  private static let expired = Predicate.and([.where("status", .isAnyOf, "sent"), .where("valid_until", .before, "today")]).normalized
}

extension RecordTarget {
  static let quote = RecordTarget(table: "quotes", path: "/admin/crm/quotes", resource: .quotes)
}

enum Quote {
  @Sendable static func derive(_ values: inout [FieldValue], _ stored: Record?, _ act: ActContext) throws -> ValidationErrors {
    var quote = DocumentValues(values, of: .quote)
    // What was sent is never worked out again.
    if let stored, stored.status != "draft" { return ValidationErrors() }
    let errors = try Document.complete(&quote, stored: stored, act)
    if stored == nil {
      if quote["revision"].isEmpty { quote["revision"] = .integer(1) }
      let settings = try act.settings(.quoteValidity, .quoteTerms)
      if quote["valid_until"].isEmpty, let days = settings[.quoteValidity].number, let day = Day(quote["date"].text) {
        quote["valid_until"] = .text(day.adding(days: days).text)
      }
      if quote["terms"].isEmpty { quote["terms"] = settings[.quoteTerms] }
    }
    values = quote.values
    return errors
  }

  static let related = RelatedDocuments.panel { quote in
    [
      .init(label: "Replaces", type: .quote, condition: "id = \(quote["revises"].text)"),
      .init(label: "Replaced by", type: .quote, condition: "revises_id = \(quote.id)"),
      .init(label: "Order", type: .order, condition: "quote_id = \(quote.id)"),
    ]
  }

  @Sendable static func lock(_ status: String) -> RecordLock? {
    status == "draft" ? nil : RecordLock(open: ["owner"], Message("A sent quote can’t be changed. Make a revision instead."))
  }

  @Sendable static func rule(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    var errors = ValidationErrors()
    switch change {
    case .create(let values):
      check(DocumentValues(values, of: .quote), &errors)
    case .save(_, let values):
      check(DocumentValues(values, of: .quote), &errors)
    case .trash(let header):
      if header.status == "accepted" { errors.add("", Message("An accepted quote can’t be moved to trash, since it became an order.")) }
    case .delete(let header):
      try NumberSeries.quote.void(header.name, because: "Deleted", act)
    case .restore: break
    }
    return errors
  }

  private static func check(_ quote: DocumentValues, _ errors: inout ValidationErrors) {
    let (from, until) = (quote["date"].text, quote["valid_until"].text)
    if !until.isEmpty, until < from { errors.add("valid_until", Message("A quote can’t expire before its date.")) }
  }
}

extension Setting {
  static let quoteValidity = Setting(
    Field(
      "quote_validity", "Quote validity (days)", DecimalField.whole(1...3_650), hint: "Sets “Valid until” on new quotes.",
      size: .half), default: .integer(30))

  static let quoteTerms = Setting(Field("quote_terms", "Terms on quotes", TextField(), hint: "Filled in on new quotes."))
}
