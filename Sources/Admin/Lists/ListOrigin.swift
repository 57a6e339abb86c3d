import Base
import Web

/// The page of a list that a visitor came from to a record: where the way back leads, and among what the next and the previous record are.
///
/// The first page of the record knows it from the address of the page with the link (`Referer`). A cookie keeps it for the pages below: of the last few
/// records, so that several that are open at once each have their own list. The links to the next and the previous record carry it too.
struct ListOrigin {
  let list: ListDefinition
  let record: RecordID
  /// What the list showed; `nil` for somebody who came from elsewhere.
  let state: ListState?

  static let cookie = "roost_list"
  /// Of how many records the cookie keeps it, and its length in bytes: browsers send it with each request.
  private static let (most, longest) = (5, 1_500)

  init(list: ListDefinition, record: RecordID, state: ListState?) {
    (self.list, self.record) = (list, record)
    self.state = state.flatMap { Kept(record.text, $0).text.utf8.count <= Self.longest ? $0 : nil }
  }

  /// Where somebody has come from who sees this record now.
  init(of record: RecordID, in list: ListDefinition, for context: RequestContext) {
    let referer = RequestOrigin.referer(context.request.headers, host: context.host, isSecure: context.isSecure)
    let (path, query) = Self.split(referer ?? "")
    let isBelow = path.hasPrefix(list.path + "/")
    let asked = path == list.path ? query : isBelow ? Self.kept(by: context).first { $0.id == record.text }?.query : nil
    self.init(list: list, record: record, state: asked.flatMap { context.listState(of: list, asking: $0) })
  }

  /// Tells the browser what it doesn't know yet: this origin first, then those of the other records, as far as there is room.
  func keep(for context: RequestContext) {
    let others = Self.kept(by: context).filter { $0.id != record.text }
    let entries = (state.map { [Kept(record.text, $0)] } ?? []) + others
    let value = entries.prefix(Self.most).map(\.text).reduce(into: "") { text, entry in
      let longer = text.isEmpty ? entry : text + "|" + entry
      if longer.utf8.count <= Self.longest { text = longer }
    }
    guard value != context.sentCookies[Self.cookie] ?? "" else { return }
    var cookie = SetCookie(Self.cookie, value, maxAge: value.isEmpty ? 0 : nil, secure: context.isSecure)
    cookie.path = list.path
    context.cookies.append(cookie)
  }

  /// The list as it was, at the record's row.
  var href: String { state.map { "\($0.url(list.path))#row-\(record.text)" } ?? list.path }

  /// The way to the record beside this one, on the same tab.
  func href(to step: RecordStep, tab: String, isTrashed: Bool) -> String {
    let usual = ListState(tab: list.tabs.first { $0.isTrash == isTrashed } ?? list.tabs[0])
    let address = (state ?? usual).url("\(list.path)/\(record.text)/\(step.rawValue)")
    return tab.isEmpty ? address : URLQuery.adding("tab", tab, to: address)
  }

  /// What the cookie says of one record: the query of its list.
  private struct Kept {
    let id: String
    let query: String

    var text: String { "\(id)?\(query)" }

    init(_ id: String, _ state: ListState) {
      self.id = id
      // The one character of our addresses that a cookie can't hold.
      query = String(state.url("").dropFirst()).replacing(",", with: "%2C")
    }

    init?(_ text: Substring) {
      (id, query) = ListOrigin.split(String(text))
      if RecordID(id) == nil { return nil }
    }
  }

  private static func kept(by context: RequestContext) -> [Kept] {
    (context.sentCookies[cookie] ?? "").split(separator: "|").compactMap { Kept($0) }
  }

  private static func split(_ address: String) -> (path: String, query: String) {
    let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return (parts[0], parts.count > 1 ? parts[1] : "")
  }
}

/// Which way one goes from a record.
enum RecordStep: String, CaseIterable {
  case next, previous
}

extension RequestContext {
  /// What a query asks of a list; `nil` where it asks for what can't be.
  fileprivate func listState(of list: ListDefinition, asking query: String) -> ListState? {
    guard let fields = try? FormDecoder.urlencoded(Array(query.utf8)) else { return nil }
    return try? ListState(fields, for: list) { mayAsk($0) }
  }
}
