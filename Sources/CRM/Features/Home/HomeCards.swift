import Admin
import Base
import Store
import Templating

/// What types of records have on the overview, as they declare it, and as far as the visitor may see them.
enum HomeCards {
  static let figureShape = ViewSchema("figure", [("label", .text), ("count", .text), ("href", .text)])
  static let personShape = ViewSchema(
    "person", [("name", .text), ("href", .text), ("tint", .text), ("initials", .text), ("line", .text), ("email", .text)])
  static let newestShape = ViewSchema(
    "newest", [("id", .text), ("title", .text), ("allHref", .text), ("people", .list(.record(personShape)))])
  static let buttonShape = ViewSchema("home-button", [("label", .text), ("href", .text), ("isMain", .bool)])

  private static func query(
    _ list: ListDefinition, _ state: ListState, _ columns: [String] = [], for context: RequestContext, in db: Database
  ) throws -> ListQuery {
    try ListQuery(
      list: list, state: state, columns: columns.compactMap { list.column($0) }, scope: try context.scope(of: list.resource),
      reach: try context.reach, moment: context.filterMoment, in: db)
  }

  private static func figure(_ label: String, _ count: TabCount?, _ href: String, _ formats: Formats) -> Value {
    .record(ViewData(figureShape, [.text(label), .text(count?.text(formats) ?? "0"), .text(href)]))
  }

  /// How many there are: the living of all types first. And whether there are none yet, nor have been.
  static func figures(of types: [RecordType], for context: RequestContext, in db: Database) throws -> ([Value], isFirstDay: Bool) {
    var (living, trashed, isFirstDay): ([Value], [Value], Bool) = ([], [], true)
    for type in types where !type.home.figures.isEmpty {
      let list = type.list
      let counts = try query(list, ListState(tab: list.tabs[0]), for: context, in: db).counts(in: db)
      if ["all", RecordType.trashed].contains(where: { counts[$0]?.number ?? 0 > 0 }) { isFirstDay = false }
      for card in type.home.figures {
        guard let tab = list.tabs.first(where: { $0.id == card.tab }) else { continue }
        let shown = figure(card.label, counts[tab.id], ListState(tab: tab).url(list.path), context.formats)
        if tab.isTrash { trashed.append(shown) } else { living.append(shown) }
      }
    }
    return (living + trashed, isFirstDay)
  }

  /// The records that were added last, of each type that shows them.
  static func newest(of types: [RecordType], _ count: Int, for context: RequestContext, in db: Database) throws -> [Value] {
    try types.compactMap { type -> (RecordType, RecordHome.Newest)? in type.home.newest.map { (type, $0) } }.enumerated().map {
      place, card in
      let (type, newest) = card
      let list = type.list
      var state = ListState(tab: list.tabs[0])
      state.sort = ListState.Order(column: "created_at", descending: true)
      let all = state.url(list.path)
      state.perPage = count
      let query = try query(list, state, ["name", newest.line, newest.email], for: context, in: db)
      let places = query.columns.reduce(into: [ListQuery.firstCell]) { $0.append($0[$0.count - 1] + $1.reads.count) }
      let people = try query.page(in: db) { row in
        let (id, name) = (row.text(1), row.text(places[0]))
        return Value.record(
          ViewData(
            personShape,
            [
              .text(name), .text(type.path(of: id)), .text(Tint.of(id)), .text(Initials.of(name)), .text(row.text(places[1])),
              .text(row.text(places[2])),
            ]))
      }.items
      return .record(
        ViewData(newestShape, [.text(place == 0 ? "newest" : "newest-" + list.name), .text(newest.title), .text(all), .list(people)]))
    }
  }

  /// Ways to make a record, the usual one first.
  static func buttons(of types: [RecordType], for context: RequestContext) -> [Value] {
    types.filter { $0.home.offersNew && context.may(.write, on: $0.resource) }.enumerated().map { place, type in
      .record(ViewData(buttonShape, [.text(type.words.new), .text(type.path + "/new"), .bool(place == 0)]))
    }
  }

  /// Beyond that many a row of what needs attention gives a round number.
  private static let attentionCap = 1_000

  /// What somebody should see to, in the order of the words: each row leads to a list of just as many records. Rows of nothing are left out.
  static func attention(of types: [RecordType], for context: RequestContext, in db: Database) throws -> [Value] {
    var rows: [(label: String, row: Value)] = []
    for type in types where context.may(.read, on: type.resource) {
      let list = type.list
      for filter in list.filters {
        // A filter that names statuses itself looks at all of them.
        let wanted = filter.predicate.conditions.contains { $0.field == "status" } ? list.tabs.first?.id : list.usualStatus
        guard let label = filter.attention, let tab = list.tabs.first(where: { $0.id == wanted }) else { continue }
        var state = ListState(tab: tab)
        state.filter = filter.predicate
        let count = try query(list, state, for: context, in: db).countOfTab(upTo: attentionCap, in: db)
        guard count.number > 0 else { continue }
        rows.append((TextFolding.fold(context.language.text(label)), figure(label, count, state.url(list.path), context.formats)))
      }
    }
    return rows.sorted { $0.label < $1.label }.map(\.row)
  }
}
