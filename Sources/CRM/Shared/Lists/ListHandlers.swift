import Base
import Store
import Synchronization
import Templating
import Web

/// The pages that every list has: the list itself, its export, its columns.
struct ListHandlers: Sendable {
  let list: ListDefinition

  var routes: [Route] {
    [
      .get(list.path, .see(list.resource), show),
      .get(list.path + "/export.csv", .see(list.resource), export),
      .get(list.path + "/columns", .see(list.resource), Customizer(list: list).show),
      .post(list.path + "/columns", .see(list.resource), draft: Customizer(list: list).draft, Customizer(list: list).save),
      .get(list.path + "/columns.css", .see(list.resource), ColumnStyles(list: list).respond),
    ]
  }

  @Sendable private func show(_ context: RequestContext) throws -> Response {
    let state = try context.listState(of: list)
    // The frame of the page reads too, and so goes on in the same transaction.
    return try context.store.read { db in
      try context.page("lists/list", load(state, for: context, in: db).record(for: context))
    }
  }

  /// The list's page for this visitor.
  private func load(_ state: ListState, for context: RequestContext, in db: Database) throws -> ListPage {
    var view = try ColumnView.find(user: context.user.id.text, list: list, in: db)
    if let layout = state.layout { view.layout = layout }
    let mayWrite = context.may(.write, on: list.resource)
    let columns = view.columns.compactMap { list.column($0) }.filter { mayWrite || !$0.isAct }
    let query = try ListQuery(
      list: list, state: state, columns: columns, scope: try context.scope(of: list.resource), reach: try context.reach,
      moment: context.filterMoment, in: db)
    let offersRestore = mayWrite && state.tab.isTrash
    let key = RowTemplates.Key(
      list: list.name, columns: columns.map(\.id), layout: view.layout, offersRestore: offersRestore, language: context.language.tag)
    let templates = context.services.templates
    let rows = try context.services.rowTemplates.template(key) {
      try ListRows.template(list, columns, view.layout, offersRestore: offersRestore, in: templates, context.renderContext)
    }
    var renderer = RowRenderer(rows, context.renderContext)
    let (page, counts) = try query.read(in: db) { row in try row.withTexts { try renderer.render($0) } }
    return ListPage(
      list: list, state: state, view: view, columns: columns, sortable: Set(columns.filter { query.offersSort(by: $0, counts) }.map(\.id)),
      chips: try FilterChips.values(of: state, in: list, context.formats, within: context.reach, db), page: page,
      rows: renderer.rows(page.items),
      counts: counts, mayWrite: mayWrite)
  }

  /// Every row that the list would show, page after page, in its order and with its columns. Read in pieces, so any size fits.
  @Sendable private func export(_ context: RequestContext) throws -> Response {
    let state = try context.listState(of: list)
    if context.query["columns"] == "all", let type = context.composition.records.all.first(where: { $0.list.name == list.name }) {
      return try RecordExport(type: type).respond(state, to: context)
    }
    let user = try context.user.id.text
    let scope = try context.scope(of: list.resource)
    let store = context.services.store
    let (moment, reach) = (context.filterMoment, try context.reach)
    let (query, numbers) = try store.read { db in
      let view = try ColumnView.find(user: user, list: list, in: db)
      let columns = view.columns.compactMap { list.column($0) }
      let query = try ListQuery(list: list, state: state, columns: columns, scope: scope, reach: reach, moment: moment, in: db)
      return (query, try query.sortedNumbers(in: db))
    }
    let walk = Mutex(ExportWalk(numbers: numbers))
    var response = Response(status: 200)
    response.headers.set("Content-Type", "text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment; filename=\"\(list.name).csv\"")
    response.body = .stream {
      try walk.withLock { walk in
        try walk.next(query, columns: query.columns, in: store)
      }
    }
    return response
  }
}

extension RequestContext {
  /// What the address asks of a list, as far as this visitor may ask for it.
  fileprivate func listState(of list: ListDefinition) throws -> ListState {
    try ListState(query, for: list) { may(.readOwn, on: $0) }
  }

  var filterMoment: FilterMoment {
    FilterMoment(now: now, zone: ZoneClock(session?.user.timeZone ?? "UTC"), user: session?.user.id.text ?? "")
  }
}

/// Where an export is: a heading, then rows by hundreds.
private struct ExportWalk {
  /// A server thread makes one piece after the other for all who wait, so each is short.
  private static let rowsAtOnce = 200
  /// Of the rows that are left, where they had to be sorted first.
  private var numbers: ArraySlice<Int>?
  private var hasHeading = false
  private var cursor: ListCursor?
  private var isDone = false

  init(numbers: [Int]?) { self.numbers = numbers?[...] }

  mutating func next(_ query: ListQuery, columns: [Column], in store: Store) throws -> [UInt8]? {
    guard !isDone else { return nil }
    var bytes: [UInt8] = []
    if !hasHeading {
      CSVWriter.append(["id"] + columns.map(\.id), to: &bytes)
      hasHeading = true
    }
    func fields(_ row: borrowing Row) -> [String] {
      var fields = [row.text(1)]
      var offset = ListQuery.firstCell
      for column in columns {
        fields.append(column.plain(row, at: offset))
        offset += column.reads.count
      }
      return fields
    }
    let rows: [[String]]
    if let left = numbers {
      rows = try store.read { db in try query.items(numbered: left.prefix(Self.rowsAtOnce), in: db, fields) }
      numbers = left.dropFirst(Self.rowsAtOnce)
      isDone = left.count <= Self.rowsAtOnce
    } else {
      let read = try store.read { db in try query.items(after: cursor, limit: Self.rowsAtOnce, in: db, fields) }
      rows = read.map(\.item)
      isDone = read.count < Self.rowsAtOnce
      cursor = read.last?.cursor
    }
    for row in rows { CSVWriter.append(row, to: &bytes, guardFormulas: true) }
    return bytes
  }
}
