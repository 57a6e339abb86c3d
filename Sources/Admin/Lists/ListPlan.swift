import Base
import Store

/// How a list's rows are found. No page looks at more than so many rows: it walks along an index in its own order, or begins with something that
/// leaves few (a search, an index that the filter has use for), or is refused.
struct ListPlan {
  /// How many rows a request may look at one by one, and sort.
  static let mostRows = 100_000
  /// How many it tries in the order of the page before it sorts all that an index finds.
  static let mostTried = 5_000

  enum Source: Equatable {
    /// Along this index, whose order is that of the page: nothing is sorted, and no more is read than is shown.
    case order(index: String)
    /// What is in a part of the list, along the index of that, whose order is that of the page.
    case part(ListPart)
    /// What the filter finds by this index, sorted.
    case index(String)
    /// All records of the tab, sorted.
    case tab
    /// What is searched for.
    case search
    /// The visitor's own records.
    case own
  }

  let source: Source
  /// Whether the filter is looked at for the records of all tabs. Otherwise those of the others are too many to be counted.
  var reachesAllTabs = true
  /// Where `source` finds many: an index in the order of the page, along which a page is soon full, as likely as not.
  var firstTry: String?
  /// The error if `source` finds more than can be sorted; `nil` otherwise.
  var refusal: HTTPError?

  /// The index that gives rows in the order of the page, where nothing is sorted.
  var orderedIndex: String? {
    if case .order(let index) = source { return index }
    return refusal == nil ? nil : firstTry
  }

  /// Whether rows are put in order after they have been found.
  func sorts(_ order: ListState.Order?) -> Bool {
    switch source {
    case .order, .part: false
    case .index: refusal == nil
    case .tab: true
    case .search, .own: order != nil
    }
  }
}

/// Decides on a plan by what the database can tell quickly.
struct ListPlanner {
  let list: ListDefinition
  let state: ListState
  let scope: Scope
  /// How many records a search finds, counted up to a limit; `nil` where nothing is searched for.
  let matches: ((Int) throws -> Int)?
  let moment: FilterMoment
  let db: Database

  func plan() throws -> ListPlan {
    let sort = state.order(in: list).flatMap { list.column($0.column)?.sort }
    guard scope == .all else {
      if state.filter != nil || state.sort != nil && sort?.index == nil { try boundOwn() }
      return ListPlan(source: matches == nil ? .own : .search)
    }
    if let matches { return try planSearch(matches) }
    return if let filter = state.filter { try plan(filter, sort) } else { try plan(sort) }
  }

  private func plan(_ sort: Column.Sort?) throws -> ListPlan {
    if let index = sort?.index { return ListPlan(source: .order(index: index)) }
    guard try rows(in: state.tab.statuses) <= ListPlan.mostRows else { throw tooManyToSort() }
    return ListPlan(source: .tab)
  }

  private func planSearch(_ matches: (Int) throws -> Int) throws -> ListPlan {
    guard state.filter != nil || state.sort != nil else { return ListPlan(source: .search) }
    if try rows(in: allStatuses) <= ListPlan.mostRows { return ListPlan(source: .search) }
    if try matches(ListPlan.mostRows) <= ListPlan.mostRows { return ListPlan(source: .search) }
    guard let filter = state.filter else { throw tooManyToSort() }
    guard let narrow = try narrowest(filter) else { throw tooManyToFilter() }
    return ListPlan(source: .index(narrow.index), reachesAllTabs: narrow.reachesAllTabs)
  }

  private func plan(_ filter: Predicate, _ sort: Column.Sort?) throws -> ListPlan {
    if state.order(in: list)?.column == list.defaultSort, let part = list.parts.first(where: { $0.rest(of: filter) != nil }) {
      return ListPlan(source: .part(part))
    }
    if case .condition(let condition) = filter, let index = index(for: condition, inOrderOf: sort) {
      // All that lies along this piece of the index is found.
      return ListPlan(source: .order(index: index))
    }
    let inTab = try rows(in: state.tab.statuses)
    let narrow = try narrowest(filter)
    if inTab <= ListPlan.mostRows {
      let reachesAllTabs = try narrow?.reachesAllTabs ?? (rows(in: allStatuses) <= ListPlan.mostRows)
      if let narrow, sort?.index == nil || isQuicker(narrow.rows, of: inTab) {
        return ListPlan(source: .index(narrow.index), reachesAllTabs: reachesAllTabs)
      }
      return ListPlan(source: sort?.index.map { .order(index: $0) } ?? .tab, reachesAllTabs: reachesAllTabs)
    }
    guard let narrow else { return try plan(dense: filter, sort) }
    // As if what is found lay evenly among all others.
    let isSoonFull = narrow.rows * ListPlan.mostTried / 2 >= state.perPage * inTab
    return ListPlan(
      source: .index(narrow.index), reachesAllTabs: narrow.reachesAllTabs, firstTry: isSoonFull ? sort?.index : nil)
  }

  /// What the filter finds by an index is too much to be sorted, and so much that it is likely to be met soon in the order of the page.
  private func plan(dense filter: Predicate, _ sort: Column.Sort?) throws -> ListPlan {
    let indexed = filter.conjuncts.lazy.compactMap { part -> FieldIndex? in
      guard case .condition(let condition) = part, let index = list.field(condition.field)?.index else { return nil }
      return index.serves(condition.operator) ? index : nil
    }.first
    guard let indexed, let order = sort?.index else { throw tooManyToFilter() }
    return ListPlan(source: .index(indexed.name), firstTry: order, refusal: tooManyToFilter())
  }

  /// Whether it takes less to read all rows that an index finds than to walk in order until a page is full of them.
  private func isQuicker(_ found: Int, of all: Int) -> Bool { found * found <= state.perPage * all }

  /// The index that gives just what a condition finds in the order of the page, if there is one.
  private func index(for condition: Predicate.Condition, inOrderOf sort: Column.Sort?) -> String? {
    // Several values lie at several places of the index.
    guard let sort, let index = list.field(condition.field)?.index, index.serves(condition.operator),
      condition.operator == .between || condition.values.count < 2
    else { return nil }
    switch index {
    case .sorted(let name): return name == sort.index ? name : nil
    case .empty(let name, let order): return order == sort.key.expression ? name : nil
    case .values: return nil
    }
  }

  private struct Narrow {
    let index: String
    let rows: Int
    let reachesAllTabs: Bool
  }

  /// Of all that the filter asks for and that has an index, what leaves the fewest rows, if they are few enough.
  private func narrowest(_ filter: Predicate) throws -> Narrow? {
    var best: Narrow?
    for case .condition(let condition) in filter.conjuncts {
      guard let field = list.field(condition.field), let index = field.index, index.serves(condition.operator) else { continue }
      for statuses in [allStatuses, state.tab.statuses] {
        let limit = min(best?.rows ?? .max, ListPlan.mostRows)
        let rows = try count(condition, by: index, in: statuses, upTo: limit)
        if rows <= limit {
          best = Narrow(index: index.name, rows: rows, reachesAllTabs: statuses == allStatuses)
          break
        }
      }
    }
    return best
  }

  private func count(_ condition: Predicate.Condition, by index: FieldIndex, in statuses: [String], upTo limit: Int) throws -> Int {
    // An index over the column alone would have to look each record's status up.
    var inStatus: SQL = "status IN \(SQL.list(statuses)) AND "
    if case .values = index { inStatus = "" }
    return try db.value(
      """
      SELECT count(*) FROM (SELECT 1 FROM \(SQL.table(list.table, by: index.name))
        WHERE \(inStatus)\(condition.sql(in: list, moment)) LIMIT \(limit + 1))
      """) ?? 0
  }

  private var allStatuses: [String] { list.tabs.last.map { list.liveStatuses + $0.statuses } ?? [] }

  private func rows(in statuses: [String]) throws -> Int {
    try db.value("SELECT sum(n) FROM record_counts WHERE list = \(list.name) AND status IN \(SQL.list(statuses))") ?? 0
  }

  private func boundOwn() throws {
    guard case .own(let user, let through) = scope, try rows(in: allStatuses) > ListPlan.mostRows else { return }
    let most = ListPlan.mostRows
    let sources: [SQL] =
      ["owner_id", "created_by"].map { "SELECT 1 FROM \(raw: list.table) WHERE \(raw: $0) = \(user)" } + through.map { $0.ids(of: user) }
    let own = try sources.map { try db.value("SELECT count(*) FROM (\($0) LIMIT \(most + 1))") ?? 0 }
    if own.reduce(0, +) <= most { return }
    if let matches, try matches(most) <= most { return }
    throw state.filter == nil ? tooManyToSort() : tooManyToFilter()
  }

  // MARK: Refusals

  private func tooManyToSort() -> HTTPError {
    let label = state.order(in: list).flatMap { list.column($0.column)?.label } ?? ""
    return .tooBroad(
      Message(
        "There are too many records to sort them by “{name}”. Search first, or filter the list so that at most {n} are left.",
        labels: ["name": [label]], numbers: ["n": ListPlan.mostRows]))
  }

  private func tooManyToFilter() -> HTTPError {
    .tooBroad(
      Message(
        "There are too many records to look at each for this filter. Search first, or add a condition that leaves fewer, on one of these: {fields}",
        labels: ["fields": list.fields.filter { $0.index != nil && $0.name != list.defaultSort }.map(\.label)]))
  }
}
