import Admin

let quotes = Feature(
  name: "quotes",
  migrations: [.quotes],
  routes: [QuoteActions.board.route] + QuoteActions.steps.routes + [
    DocumentPreview(type: { .quote }, resource: .quotes, path: "/admin/crm/quotes").route
  ],
  menu: [MenuItem(label: "Quotes", path: "/admin/crm/quotes", icon: "file-earmark-text", resource: .quotes, keys: ["g", "q"])],
  records: [.quote],
  derivations: [.counts(of: "quotes"), .search("quote_search")],
  actions: QuoteActions.labels)

extension Resource {
  static let quotes = Resource("quotes", "Quotes", manager: .write)
}
