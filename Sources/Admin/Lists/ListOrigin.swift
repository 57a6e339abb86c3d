import Base
import Web

/// The page of a list that a visitor came from to a record: where the way back leads, and among what the next and the previous record are.
///
/// The first page of the record knows it from the address of the page with the link (`Referer`). It keeps it in a cookie, together with the record that it
/// is about, for the pages below and for the record after it. Links carry it too, so two windows with two lists don't mix.
struct ListOrigin {
  let list: ListDefinition
  let record: RecordID
  /// What the list showed; `nil` for somebody who came from elsewhere.
  let state: ListState?

  static let cookie = "roost_list"
  /// What is longer isn't kept, in bytes: browsers send it with each request.
  private static let longest = 1_500

  init(list: ListDefinition, record: RecordID, state: ListState?) {
    (self.list, self.record) = (list, record)
    self.state = state.flatMap { $0.url("").utf8.count <= Self.longest ? $0 : nil }
  }

  /// Where somebody has come from who sees this record now.
  init(of record: RecordID, in list: ListDefinition, for context: RequestContext) {
    let kept = Kept(context, record)
    let referer = RequestOrigin.referer(context.request.headers, host: context.host, isSecure: context.isSecure)
    let (path, query) = Self.split(referer ?? "")
    let asked: String? = path == list.path ? query : path.hasPrefix(list.path + "/") ? kept?.query : nil
    self.init(list: list, record: record, state: asked.flatMap { context.listState(of: list, asking: $0) })
    if state == nil, kept != nil { keep(for: context) }
    if let state, kept?.query != Self.query(of: state) { keep(for: context) }
  }

  /// Tells the browser; or that there is nothing to keep any more.
  func keep(for context: RequestContext) {
    let value = state.map { "\(record.text)?\(Self.query(of: $0))" }
    var cookie = SetCookie(Self.cookie, value ?? "", maxAge: value == nil ? 0 : nil, secure: context.isSecure)
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

  /// What the cookie says of a record.
  private struct Kept {
    let query: String

    init?(_ context: RequestContext, _ record: RecordID) {
      let (id, query) = ListOrigin.split(context.sentCookies[cookie] ?? "")
      guard id == record.text else { return nil }
      self.query = query
    }
  }

  private static func query(of state: ListState) -> String { String(state.url("").dropFirst()) }

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
    return try? ListState(fields, for: list) { may(.readOwn, on: $0) }
  }
}
