import Base
package import Templating

/// The page of a list, as its template sees it.
package struct ListPage {
  let list: ListDefinition
  let state: ListState
  let view: ColumnView
  package let columns: [Column]
  /// The columns whose headings sort.
  var sortable: Set<String> = []
  /// What the filter asks, one for each condition.
  let chips: [Value]
  /// Where each row is among those that were rendered.
  var page = ListQuery.Page<Range<Int>>()
  package var rows = HTML.empty
  var counts: [String: TabCount] = [:]
  let mayWrite: Bool
  let mayExport: Bool
  let mayReadAll: Bool
  /// What the records of the tab add up to, for each currency.
  var sums: [(minor: Int, currency: String)] = []
  /// So many records are added up at most: a page costs the same however long the list is.
  package static let mostSummed = 1_000
  /// Whether a search has found only what is similar.
  var hasOnlySimilar = false
  /// Why nothing was looked for: it would take too long.
  var refusal: Message?

  static let columnShape = ViewSchema(
    "column",
    [
      ("id", .text), ("label", .text), ("sortHref", .optional(.text)), ("sorted", .text), ("isEditable", .bool),
      ("classes", .text),
    ])
  package static let linkShape = ViewSchema("link", [("label", .text), ("href", .text), ("current", .bool), ("count", .optional(.text))])
  static let actShape = ViewSchema("list-act", [("label", .text), ("href", .text), ("icon", .text)])
  static let hiddenShape = ViewSchema("hidden", [("name", .text), ("value", .text)])
  static let shape = ViewSchema(
    "list",
    [
      ("name", .text), ("title", .text), ("path", .text), ("icon", .text), ("q", .text), ("searchHint", .text),
      ("hidden", .list(.record(hiddenShape))),
      ("acts", .list(.record(actShape))), ("newHref", .optional(.text)), ("newLabel", .text), ("columnsHref", .text),
      ("stylesHref", .optional(.text)),
      ("exports", .list(.record(linkShape))),
      ("filterHref", .text), ("chips", .list(.record(FilterChips.schema))), ("refusal", .optional(.text)),
      ("clearHref", .text), ("tabs", .list(.record(linkShape))), ("layouts", .list(.record(linkShape))), ("isCards", .bool),
      ("isTrash", .bool), ("hasActs", .bool),
      ("columns", .list(.record(columnShape))), ("rows", .html), ("total", .text),
      ("announcement", .text),
      ("range", .text), ("sums", .list(.text)), ("isSearching", .bool), ("hasWords", .bool), ("searchNote", .optional(.text)),
      ("isFirstRun", .bool),
      ("emptyTitle", .text), ("emptyText", .text), ("importCommand", .optional(.text)), ("allHref", .text),
      ("first", .optional(.text)), ("previous", .optional(.text)), ("next", .optional(.text)), ("last", .optional(.text)),
      ("pageSizes", .list(.record(linkShape))),
    ])

  func record(for context: RequestContext) -> ViewData {
    let formats = context.formats
    let importCommand: Value =
      context.may(.full, on: list.resource) && context.composition.importNames.contains(list.name)
      ? .text("roost import \(list.name) FILE.csv") : .null
    let frame = ListFrame.of(self, formats)
    let isTrash = state.tab.isTrash
    let words = list.words
    let total = counts[state.tab.id]?.text(formats) ?? ""
    let announcement = total.isEmpty ? "" : formats.language.plural(words.one, words.many, count: counts[state.tab.id]?.number ?? 0, [:])
    let isFirstRun =
      refusal == nil && page.items.isEmpty && state.q.isEmpty && state.filter == nil && state.tab.id == "all" && state.position == .start
    return ViewData(
      Self.shape,
      [
        .text(list.name), .text(list.title), .text(list.path), .text(list.icon), .text(state.q), .text(words.searchHint), frame.hidden,
        .list(
          list.acts.filter { context.may($0.level, on: $0.resource) }.map {
            .record(ViewData(Self.actShape, [.text($0.label), .text($0.path), .text($0.icon)]))
          }),
        mayWrite ? .text(list.newHref) : .null, .text(words.newRecord),
        .text(URLQuery.append([("return_to", state.url(list.path))], to: list.path + "/columns")),
        frame.styles, frame.exports, .text(FilterPage.href(state, in: list)), .list(chips),
        refusal.map { .text(context.text($0)) } ?? .null,
        frame.unfiltered, tabs(frame, formats), layouts, .bool(view.layout == .cards),
        .bool(isTrash),
        .bool(columns.contains(where: \.isAct)),
        frame.columns, .html(rows), .text(total),
        .text(announcement), .text(range(formats)),
        .list(sums.map { .text(MoneyField().display(MoneyField().text(.amount($0.minor, currency: $0.currency)), formats)) }),
        .bool(!state.q.isEmpty), .bool(!SearchMatch.words(of: state.q).isEmpty),
        searchNote(context), .bool(isFirstRun),
        .text(words.emptyTitle), .text(mayWrite || mayReadAll ? words.emptyText : "Records assigned to you appear here."), importCommand,
        frame.everything,
        page.hasPrevious ? frame.start : .null,
        page.hasPrevious ? link(to: page.first.map { .before($0) } ?? .start, from: firstRow.map { max(1, $0 - state.perPage) }) : .null,
        page.hasNext ? link(to: page.last.map { .after($0) } ?? .start, from: firstRow.map { $0 + page.items.count }) : .null,
        page.hasNext ? link(to: .end) : .null, offersSizes ? frame.pageSizes : .list([]),
      ])
  }

  /// What a search says about what it shows: how good it is, and in which order it comes.
  private func searchNote(_ context: RequestContext) -> Value {
    guard !state.q.isEmpty, !page.items.isEmpty else { return .null }
    let column = state.sort.flatMap { list.column($0.column)?.label }
    let order = column.map { Message("Sorted by {name}.", ["name": context.language.text($0)]) } ?? Message("Newest first.")
    let quality = hasOnlySimilar ? [Message("No exact match. Showing similar names.")] : []
    return .text((quality + [order]).map(context.text).joined(separator: " "))
  }

  private func link(to position: ListState.Position, from: Int? = nil) -> Value {
    let target = state.with {
      $0.position = position
      $0.from = from
    }
    return .text(target.url(list.path))
  }

  /// The number of the first row. Pages are found by key, so it is known where the list begins and where it ends; in between the address says it.
  private var firstRow: Int? {
    if !page.hasPrevious { return 1 }
    if !page.hasNext, case .exactly(let total)? = counts[state.tab.id] { return max(1, total - page.items.count + 1) }
    return state.from
  }

  /// "1–50 of 202"; "of 202" where nobody knows which.
  private func range(_ formats: Formats) -> String {
    guard let total = counts[state.tab.id]?.text(formats), !page.items.isEmpty else { return "" }
    guard let first = firstRow else { return formats.language.text("of {total}", ["total": .text(total)]) }
    if page.items.count == 1 {
      return formats.language.text("{first} of {total}", ["first": .text(formats.number(first)), "total": .text(total)])
    }
    return formats.language.text(
      "{first}–{last} of {total}",
      ["first": .text(formats.number(first)), "last": .text(formats.number(first + page.items.count - 1)), "total": .text(total)])
  }

  /// Whether another size would show more or less.
  private var offersSizes: Bool {
    page.hasPrevious || page.hasNext || page.items.count > (ListState.pageSizes.first ?? 0)
  }

  private func tabs(_ frame: ListFrame, _ formats: Formats) -> Value {
    .list(
      zip(list.tabs, frame.tabs).map { tab, href in
        Self.link(tab.label, href, current: tab.id == state.tab.id, count: counts[tab.id]?.text(formats))
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

  package static func link(_ label: String, _ href: String, current: Bool, count: String? = nil) -> Value {
    .record(ViewData(linkShape, [.text(label), .text(href), .bool(current), count.map { .text($0) } ?? .null]))
  }
}

extension TabCount {
  /// "1,234", or "500+" where counting stopped.
  package func text(_ formats: Formats) -> String {
    switch self {
    case .exactly(let n): formats.number(n)
    case .more(let n): formats.number(n) + "+"
    }
  }

  package var number: Int {
    switch self {
    case .exactly(let n), .more(let n): n
    }
  }
}
