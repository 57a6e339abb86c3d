import Admin

let quotes = Feature(
  name: "quotes",
  migrations: [.quotes, .quoteLinks, .quoteParts],
  routes: [QuoteActions.board.route] + QuoteActions.steps.routes + QuoteLinkPanel.routes + QuotePage.routes + QuoteChanges.routes + [
    DocumentPreview(type: { .quote }, resource: .quotes, path: "/admin/crm/quotes").route,
    DocumentTotalPage(type: { .quote }, resource: .quotes, path: "/admin/crm/quotes").route,
  ],
  menu: [MenuItem(label: "Quotes", path: "/admin/crm/quotes", icon: "file-earmark-text", resource: .quotes, keys: ["g", "q"])],
  pages: ["quotes/page": QuotePage.shape, "quotes/closed": QuotePage.closedShape, QuoteChanges.template: QuoteChanges.shape],
  records: [.quote],
  derivations: [.counts(of: "quotes"), .search("quote_search"), DocumentFigures.derived(of: .quote)],
  actions: QuoteActions.labels + QuoteLinkPanel.labels)

extension Resource {
  static let quotes = Resource("quotes", "Quotes", manager: .write)
}
