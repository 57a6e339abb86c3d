import Base
import Store
import Templating
import Web

/// The pages that every list has: the list itself, its export, its columns.
package struct ListHandlers: Sendable {
  let list: ListDefinition

  var routes: [Route] {
    [
      .get(list.path, .see(list.resource), effort: .read, show),
      .get(list.path + "/export.csv", .see(list.resource).and(.full(.exports)), export),
      .get(list.path + "/filter", .see(list.resource), FilterPage(list: list).show),
      .get(list.path + "/columns", .see(list.resource), Customizer(list: list).show),
      .post(list.path + "/columns", .see(list.resource), draft: Customizer(list: list).draft, Customizer(list: list).save),
      .get(list.path + "/columns.css", .see(list.resource), ColumnStyles(list: list).respond),
    ]
  }

  /// The pages of lists that depend on what the address names. `find` gives the list, or throws 404.
  package static func routes(
    _ pattern: String, _ access: Access, _ find: @escaping @Sendable (RequestContext) throws -> ListDefinition
  ) -> [Route] {
    [
      .get(pattern, access) { try ListHandlers(list: find($0)).show($0) },
      .get(pattern + "/export.csv", access.and(.full(.exports))) { try ListHandlers(list: find($0)).export($0) },
      .get(pattern + "/filter", access) { try FilterPage(list: find($0)).show($0) },
      .get(pattern + "/columns", access) { try Customizer(list: find($0)).show($0) },
      .post(
        pattern + "/columns", access, draft: { try Customizer(list: find($0)).draft($0) },
        { try Customizer(list: find($0)).save($0) }),
      .get(pattern + "/columns.css", access) { try ColumnStyles(list: find($0)).respond($0) },
    ]
  }

  @Sendable private func show(_ context: RequestContext) throws -> Response {
    let state = try context.listState(of: list)
    return try context.store.read { db in
      let page = try load(state, for: context, in: db)
      return try context.page("lists/list", page.record(for: context), status: page.refusal == nil ? 200 : 400)
    }
  }

  /// The list's page for this visitor.
  private func load(_ state: ListState, for context: RequestContext, in db: Database) throws -> ListPage {
    var view = try ColumnView.find(user: context.user.id.text, list: list, in: db)
    if let layout = state.layout { view.layout = layout }
    let mayWrite = context.may(.write, on: list.resource)
    let columns = view.columns.compactMap { list.column($0) }.filter { mayWrite || !$0.isAct }
    let offersRestore = mayWrite && state.tab.isTrash
    let key = RowTemplates.Key(
      list: list.name, columns: columns.map(\.id), layout: view.layout, offersRestore: offersRestore, language: context.language.tag)
    let templates = context.services.templates
    let rows = try context.services.rowTemplates.template(key) {
      try ListRows.template(list, columns, view.layout, offersRestore: offersRestore, in: templates, context.renderContext)
    }
    var renderer = RowRenderer(rows, context.renderContext)
    var page = ListPage(
      list: list, state: state, view: view, columns: columns,
      chips: try FilterChips.values(of: state, in: list, context.formats, within: context.reach, db), mayWrite: mayWrite,
      mayExport: context.may(.full, on: .exports),
      mayReadAll: context.may(.read, on: list.resource))
    do {
      let query = try ListQuery(
        list: list, state: state, columns: columns, scope: try context.scope(of: list.resource), reach: try context.reach,
        moment: context.filterMoment, in: db)
      (page.page, page.counts) = try query.read(in: db) { row in try row.withTexts { try renderer.render($0) } }
      page.rows = renderer.rows(page.page.items)
      page.sortable = Set(
        columns.filter { column in
          list.field(column.id)?.resource.map(context.mayAsk) != false && query.offersSort(by: column, page.counts)
        }.map(\.id))
      page.sums = try query.sums(page.counts, upTo: ListPage.mostSummed, in: db)
      page.hasOnlySimilar = query.hasOnlySimilar(page.page)
    } catch HTTPError.tooBroad(let reason) {
      page.refusal = reason
    }
    return page
  }

  @Sendable private func export(_ context: RequestContext) throws -> Response {
    let state = try context.listState(of: list)
    let format = try ListExport.Format(context.query["format"])
    if context.query["columns"] == "all", let type = context.composition.records.all.first(where: { $0.list.name == list.name }) {
      return try ListExport.all(of: type, state, as: format, for: context)
    }
    return try ListExport.shown(of: list, state, as: format, for: context)
  }
}

extension RequestContext {
  /// What the address asks of a list, as far as this visitor may ask for it.
  func listState(of list: ListDefinition) throws -> ListState {
    try ListState(query, for: list) { mayAsk($0) }
  }

  /// Whether lists can be filtered and sorted by what records of this resource say: a part of them would answer for all.
  func mayAsk(_ resource: Resource) -> Bool { may(.read, on: resource) }

  package var filterMoment: FilterMoment {
    FilterMoment(
      now: now, zone: ZoneClock(session?.user.timeZone ?? "UTC"), office: ZoneClock(settings[.defaultTimeZone].text),
      user: session?.user.id.text ?? "")
  }
}
