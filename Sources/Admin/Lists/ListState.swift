import Base
package import Web

/// Everything that decides what a list shows. It is the URL: reading one and writing it again gives the same page.
package struct ListState {
  var q = ""
  /// The column to sort by; `nil` is the list's own order, while searching the newest first.
  package var sort: Order?
  var tab: ListTab
  package var filter: Predicate?
  var position = Position.start
  /// The number of the first row on the page, as the address of it was made; `nil` where nobody knows.
  var from: Int?
  package var perPage = ListState.defaultPerPage
  /// A view chosen for this page only; the stored one otherwise.
  var layout: ListLayout?

  package struct Order: Equatable {
    var column: String
    var descending: Bool

    package init(column: String, descending: Bool) {
      self.column = column
      self.descending = descending
    }
  }

  enum Position: Equatable {
    case start
    case after(ListCursor)
    case before(ListCursor)
    /// The last page.
    case end
  }

  static let defaultPerPage = 50
  static let pageSizes = [25, 50, 100, 200]
  private static let longestSearch = 200

  package init(tab: ListTab) { self.tab = tab }

  /// Reads the state out of a query. What can't be meant is an error that names the parameter.
  package init(_ query: FormFields, for list: ListDefinition, mayAsk: (Resource) -> Bool) throws {
    self.init(tab: list.tabs[0])
    if let q = query["q"] {
      let cleaned = TextNormalizing.clean(q)
      guard cleaned.unicodeScalars.count <= Self.longestSearch else {
        throw HTTPError.badRequest(Message("The search is too long: {n} characters at most.", numbers: ["n": Self.longestSearch]))
      }
      self.q = cleaned
    }
    if let sort = query["sort"], !sort.isEmpty {
      let descending = sort.hasPrefix("-")
      let column = descending ? String(sort.dropFirst()) : sort
      guard list.column(column)?.sort != nil, list.field(column)?.resource.map(mayAsk) != false else {
        throw HTTPError.badRequest(Message("This list can’t be sorted by “{name}”.", ["name": column]))
      }
      self.sort = Order(column: column, descending: descending)
    }
    if let status = query["status"], !status.isEmpty {
      guard let tab = list.tabs.first(where: { $0.id == status }) else {
        throw HTTPError.badRequest(Message("Unknown status “{name}”.", ["name": status]))
      }
      self.tab = tab
    }
    if let filter = query["filter"], !filter.isEmpty {
      self.filter = try Predicate(filter, for: list, mayAsk: mayAsk)
    }
    for field in list.fields {
      guard let name = field.parameter, let text = query[name], !text.isEmpty else { continue }
      let asked = try Predicate.where(field.name, .has, text).checked(for: list, mayAsk: mayAsk)
      self.filter = self.filter.map { .and([$0, asked]).normalized } ?? asked
    }
    if let view = query["view"], !view.isEmpty {
      guard let layout = ListLayout(rawValue: view) else {
        throw HTTPError.badRequest(Message("Unknown view “{name}”.", ["name": view]))
      }
      self.layout = layout
    }
    if let size = query["per_page"], !size.isEmpty {
      guard let n = Int(size), Self.pageSizes.contains(n) else {
        throw HTTPError.badRequest(Message("A page holds 25, 50, 100 or 200 rows."))
      }
      perPage = n
    }
    from = query["from"].flatMap { Int($0) }.flatMap { (1...1_000_000_000).contains($0) ? $0 : nil }
    if let after = query["after"], !after.isEmpty {
      guard let cursor = ListCursor(after) else { throw Self.unreadablePosition }
      position = .after(cursor)
    } else if let before = query["before"], !before.isEmpty {
      if before == "end" {
        position = .end
      } else {
        guard let cursor = ListCursor(before) else { throw Self.unreadablePosition }
        position = .before(cursor)
      }
    }
  }

  private static let unreadablePosition = HTTPError.badRequest(Message("This link is broken. Go to the first page."))

  /// The order in which rows come: the chosen one, or the list's own.
  func order(in list: ListDefinition) -> Order? {
    sort ?? (q.isEmpty ? Order(column: list.defaultSort, descending: list.isDescending) : nil)
  }

  /// The address of this state, with what equals the default left out.
  package func url(_ path: String) -> String {
    // A page has some twenty of these.
    var address = path
    address.reserveCapacity(120)
    var mark = "?"
    func append(_ name: String, _ value: String, encode: (String) -> String = { PercentEncoding.encode($0) }) {
      address += mark
      address += name
      address += "="
      address += encode(value)
      mark = "&"
    }
    if !q.isEmpty { append("q", q) }
    if let sort { append("sort", (sort.descending ? "-" : "") + sort.column) }
    if tab.id != "all" { append("status", tab.id) }
    if let filter { append("filter", filter.text, encode: Predicate.urlEncoded) }
    if let layout { append("view", layout.rawValue) }
    if perPage != Self.defaultPerPage { append("per_page", String(perPage)) }
    switch position {
    case .start: break
    case .after(let cursor): append("after", cursor.text)
    case .before(let cursor): append("before", cursor.text)
    case .end: append("before", "end")
    }
    if let from, position != .start { append("from", String(from)) }
    return address
  }

  func with(_ change: (inout ListState) -> Void) -> ListState {
    var copy = self
    copy.position = .start
    copy.from = nil
    change(&copy)
    return copy
  }
}

/// How a list is laid out.
enum ListLayout: String, Sendable {
  case table, cards
}
