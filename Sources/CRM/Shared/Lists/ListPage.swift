import Base
import Templating

/// The page of a list, as its template sees it.
struct ListPage {
  let list: ListDefinition
  let state: ListState
  let view: ColumnView
  let columns: [Column]
  /// The columns whose headings sort.
  let sortable: Set<String>
  /// What the filter asks, one for each condition.
  let chips: [Value]
  /// Where each row is among those that were rendered.
  let page: ListQuery.Page<Range<Int>>
  let rows: HTML
  let counts: [String: TabCount]
  let mayWrite: Bool

  static let columnShape = ViewSchema(
    "column",
    [
      ("id", .text), ("label", .text), ("sortHref", .optional(.text)), ("sorted", .text), ("isEditable", .bool),
    ])
  static let linkShape = ViewSchema("link", [("label", .text), ("href", .text), ("current", .bool), ("count", .optional(.text))])
  static let hiddenShape = ViewSchema("hidden", [("name", .text), ("value", .text)])
  static let shape = ViewSchema(
    "list",
    [
      ("name", .text), ("title", .text), ("path", .text), ("icon", .text), ("q", .text), ("searchHint", .text),
      ("hidden", .list(.record(hiddenShape))),
      ("newHref", .optional(.text)), ("newLabel", .text), ("columnsHref", .text), ("stylesHref", .optional(.text)), ("exportHref", .text),
      ("chips", .list(.record(FilterChips.schema))),
      ("clearHref", .text), ("tabs", .list(.record(linkShape))), ("layouts", .list(.record(linkShape))), ("isCards", .bool),
      ("isTrash", .bool), ("hasActs", .bool),
      ("columns", .list(.record(columnShape))), ("rows", .html), ("total", .text),
      ("announcement", .text),
      ("isSearching", .bool), ("isFirstRun", .bool), ("emptyTitle", .text), ("emptyText", .text), ("allHref", .text),
      ("first", .optional(.text)), ("previous", .optional(.text)), ("next", .optional(.text)), ("last", .optional(.text)),
      ("pageSizes", .list(.record(linkShape))),
    ])

  func record(for context: RequestContext) -> ViewData {
    let formats = context.formats
    let columnRecords = columns.map { Value.record(columnRecord($0, formats.language)) }
    let isTrash = state.tab.isTrash
    let words = list.words
    let total = counts[state.tab.id]?.text(formats) ?? ""
    let announcement = total.isEmpty ? "" : formats.language.plural(words.one, words.many, count: counts[state.tab.id]?.number ?? 0, [:])
    let isFirstRun = page.items.isEmpty && state.q.isEmpty && state.filter == nil && state.tab.id == "all" && state.position == .start
    return ViewData(
      Self.shape,
      [
        .text(list.name), .text(list.title), .text(list.path), .text(list.icon), .text(state.q), .text(words.searchHint), hidden,
        mayWrite ? .text(list.path + "/new") : .null, .text(words.newRecord),
        .text(URLQuery.append([("return_to", state.url(list.path))], to: list.path + "/columns")),
        ColumnStyles(list: list).href(for: view).map { .text($0) } ?? .null,
        .text(state.with { _ in }.url(list.path + "/export.csv")), .list(chips),
        .text(state.with { $0.filter = nil }.url(list.path)), tabs(formats), layouts, .bool(view.layout == .cards), .bool(isTrash),
        .bool(columns.contains(where: \.isAct)),
        .list(columnRecords), .html(rows), .text(total),
        .text(announcement), .bool(!state.q.isEmpty), .bool(isFirstRun),
        .text(words.emptyTitle), .text(words.emptyText), .text(ListState(tab: state.tab).url(list.path)),
        page.hasPrevious ? .text(state.with { _ in }.url(list.path)) : .null,
        page.hasPrevious ? link(to: page.first.map { .before($0) } ?? .start) : .null,
        page.hasNext ? link(to: page.last.map { .after($0) } ?? .start) : .null,
        page.hasNext ? link(to: .end) : .null, pageSizes(formats),
      ])
  }

  private func link(to position: ListState.Position) -> Value {
    .text(state.with { $0.position = position }.url(list.path))
  }

  /// The parts of the state that a new search keeps.
  private var hidden: Value {
    var pairs: [(String, String)] = []
    if let sort = state.sort { pairs.append(("sort", (sort.descending ? "-" : "") + sort.column)) }
    if state.tab.id != "all" { pairs.append(("status", state.tab.id)) }
    if let filter = state.filter { pairs.append(("filter", filter.text)) }
    if let layout = state.layout { pairs.append(("view", layout.rawValue)) }
    if state.perPage != ListState.defaultPerPage { pairs.append(("per_page", String(state.perPage))) }
    return .list(pairs.map { .record(ViewData(Self.hiddenShape, [.text($0.0), .text($0.1)])) })
  }

  private func columnRecord(_ column: Column, _ language: Language) -> ViewData {
    let order = state.order(in: list)
    let isSorted = order?.column == column.id
    let href = (sortable.contains(column.id) ? column.sort : nil).map { sort in
      let descending = isSorted ? order?.descending == false : sort.key.startsDescending
      return state.with { $0.sort = ListState.Order(column: column.id, descending: descending) }.url(list.path)
    }
    return ViewData(
      Self.columnShape,
      [
        .text(column.id), .text(language.text(column.label)), href.map { .text($0) } ?? .null,
        .text(isSorted ? (order?.descending == true ? "descending" : "ascending") : "none"),
        .bool(column.isEditable && mayWrite && !state.tab.isTrash),
      ])
  }

  private func tabs(_ formats: Formats) -> Value {
    .list(
      list.tabs.map { tab in
        Self.link(
          tab.label, state.with { $0.tab = tab }.url(list.path), current: tab.id == state.tab.id, count: counts[tab.id]?.text(formats))
      })
  }

  private var layouts: Value {
    .list(
      [("Table", ListLayout.table), ("Cards", .cards)].map { label, layout in
        var changed = state
        changed.layout = layout
        return Self.link(label, changed.url(list.path), current: view.layout == layout)
      })
  }

  private func pageSizes(_ formats: Formats) -> Value {
    .list(
      ListState.pageSizes.map { size in
        Self.link(formats.number(size), state.with { $0.perPage = size }.url(list.path), current: size == state.perPage)
      })
  }

  static func link(_ label: String, _ href: String, current: Bool, count: String? = nil) -> Value {
    .record(ViewData(linkShape, [.text(label), .text(href), .bool(current), count.map { .text($0) } ?? .null]))
  }
}

extension TabCount {
  /// "1,234", or "500+" where counting stopped.
  func text(_ formats: Formats) -> String {
    switch self {
    case .exactly(let n): formats.number(n)
    case .more(let n): formats.number(n) + "+"
    }
  }

  var number: Int {
    switch self {
    case .exactly(let n), .more(let n): n
    }
  }
}
