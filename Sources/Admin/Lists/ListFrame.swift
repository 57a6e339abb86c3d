import Templating

/// What is around the rows of a list on each of its pages: addresses and headings. They follow from what is asked and from the columns, so they are
/// kept for all who ask the same in the same language.
struct ListFrame: Sendable {
  let start: Value
  let exports: Value
  let unfiltered: Value
  let everything: Value
  let styles: Value
  let hidden: Value
  let columns: Value
  let pageSizes: Value
  /// The address of each tab.
  let tabs: [String]

  private struct Key: Hashable {
    /// Of the first page.
    let address: String
    let language: String
    let columns: [String]
    let sortable: Set<String>
    let styles: String?
    let mayWrite: Bool
    let mayExport: Bool
  }

  private static let known = Memo<Key, ListFrame>(atMost: 500)

  static func of(_ page: ListPage, _ formats: Formats) -> ListFrame {
    let start = page.state.with { _ in }
    let key = Key(
      address: start.url(page.list.path), language: formats.language.tag, columns: page.columns.map(\.id), sortable: page.sortable,
      styles: ColumnStyles(list: page.list).href(for: page.view), mayWrite: page.mayWrite, mayExport: page.mayExport)
    // What people search and filter for is seldom the same.
    guard start.q.isEmpty, key.address.utf8.count < 500 else { return ListFrame(page, start, key, formats) }
    return known.value(for: key) { ListFrame(page, start, key, formats) }
  }

  private init(_ page: ListPage, _ state: ListState, _ key: Key, _ formats: Formats) {
    let list = page.list
    start = .text(key.address)
    exports = !key.mayExport ? .list([]) : Self.exports(state.url(list.path + "/export.csv"), formats.language)
    unfiltered = .text(state.with { $0.filter = nil }.url(list.path))
    everything = .text(ListState(tab: state.tab).url(list.path))
    styles = key.styles.map { .text($0) } ?? .null
    hidden = Self.hidden(state)
    columns = .list(page.columns.map { .record(Self.column($0, of: page, state, formats.language)) })
    pageSizes = .list(
      ListState.pageSizes.map { size in
        ListPage.link(formats.number(size), state.with { $0.perPage = size }.url(list.path), current: size == state.perPage)
      })
    tabs = list.tabs.map { tab in state.with { $0.tab = tab }.url(list.path) }
  }

  private static func exports(_ address: String, _ language: Language) -> Value {
    .list(
      [
        ("CSV for Excel and other spreadsheets", URLQuery.adding("format", ListExport.Format.spreadsheet.rawValue, to: address)),
        ("CSV for import into Roost (all fields)", URLQuery.adding("columns", "all", to: address)), ("CSV of the columns shown", address),
      ].map { ListPage.link(language.text($0), $1, current: false) })
  }

  /// The parts of the state that a new search keeps, as inputs of a form.
  private static func hidden(_ state: ListState) -> Value {
    .list(pairs(state).map { .record(ViewData(ListPage.hiddenShape, [.text($0.0), .text($0.1)])) })
  }

  static func pairs(_ state: ListState, withSearch: Bool = false) -> [(String, String)] {
    var pairs: [(String, String)] = []
    if withSearch, !state.q.isEmpty { pairs.append(("q", state.q)) }
    if let sort = state.sort { pairs.append(("sort", (sort.descending ? "-" : "") + sort.column)) }
    if state.tab.id != "all" { pairs.append(("status", state.tab.id)) }
    if let filter = state.filter { pairs.append(("filter", filter.text)) }
    if let layout = state.layout { pairs.append(("view", layout.rawValue)) }
    if state.perPage != ListState.defaultPerPage { pairs.append(("per_page", String(state.perPage))) }
    return pairs
  }

  private static func column(_ column: Column, of page: ListPage, _ state: ListState, _ language: Language) -> ViewData {
    let order = state.order(in: page.list)
    let isSorted = order?.column == column.id
    let href = (page.sortable.contains(column.id) ? column.sort : nil).map { sort in
      let descending = isSorted ? order?.descending == false : sort.key.startsDescending
      return state.with { $0.sort = ListState.Order(column: column.id, descending: descending) }.url(page.list.path)
    }
    return ViewData(
      ListPage.columnShape,
      [
        .text(column.id), .text(language.text(column.label)), href.map { .text($0) } ?? .null,
        .text(isSorted ? (order?.descending == true ? "descending" : "ascending") : "none"),
        .bool(column.isEditable && page.mayWrite && !state.tab.isTrash), .text(column.classes),
      ])
  }
}
