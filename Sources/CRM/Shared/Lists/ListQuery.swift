import Base
import Store

/// Turns a list's state into rows. All SQL of the list engine is here.
struct ListQuery {
  let list: ListDefinition
  let state: ListState
  let columns: [Column]
  let scope: Scope
  /// What is searched for, as the index of words has it; `nil` for nothing.
  private let match: String?
  /// How many matches a search counts before it gives a round number, "400+". With each word a match is dearer to find. Two pages at the least, so that
  /// the first is whole though half of what is found belongs to another tab.
  private let countCap: Int

  init(list: ListDefinition, state: ListState, columns: [Column], scope: Scope, in db: Database) throws {
    self.list = list
    self.state = state
    self.columns = columns
    self.scope = scope
    match = try SearchExpression.match(state.q, in: list.searchTable, db)
    countCap = max(SearchExpression.words(of: state.q).count > 2 ? 100 : 500, 2 * state.perPage)
  }

  /// What was made of a page's rows, and where it begins and ends.
  struct Page<Item> {
    var items: [Item] = []
    var first: ListCursor?
    var last: ListCursor?
    var hasPrevious = false
    var hasNext = false
  }

  /// A row that is read has its number, its id and its sort value, then the columns of its cells.
  static let firstCell = 3

  /// Something is typed, and there is no letter or digit in it: nothing is found, rather than everything.
  private var findsNothing: Bool { match == nil && !state.q.isEmpty }

  /// One page in order: what `make` makes of its rows.
  func page<Item>(in db: Database, _ make: (borrowing Row) throws -> Item) throws -> Page<Item> {
    var (cursor, isBackwards): (ListCursor?, Bool) =
      switch state.position {
      case .start: (nil, false)
      case .after(let cursor): (cursor, false)
      case .before(let cursor): (cursor, true)
      case .end: (nil, true)
      }
    var read = try fetch(from: cursor, backwards: isBackwards, limit: state.perPage + 1, in: db, make)
    if isBackwards, cursor != nil, read.count <= state.perPage {
      // The first page, always whole: somebody paging back never lands on a stump.
      (cursor, isBackwards) = (nil, false)
      read = try fetch(from: nil, backwards: false, limit: state.perPage + 1, in: db, make)
    }
    let hasMore = read.count > state.perPage
    if hasMore { read.removeLast() }
    if isBackwards { read.reverse() }
    return Page(
      items: read.map(\.item), first: read.first?.cursor, last: read.last?.cursor, hasPrevious: isBackwards ? hasMore : cursor != nil,
      hasNext: isBackwards ? cursor != nil : hasMore)
  }

  /// A page and how many records each tab holds.
  func read<Item>(in db: Database, _ make: (borrowing Row) throws -> Item) throws -> (Page<Item>, [String: TabCount]) {
    if let found = try firstPageOfSearch(in: db, make) { return found }
    return (try page(in: db, make), try counts(in: db))
  }

  /// The first page of what a search finds, newest first, and the counts, from one look into the index of words: finding a common name there costs
  /// more than all rows together. Only the page's own rows are read whole, as each lies somewhere else in the file. `nil` where this doesn't apply, or
  /// has not seen enough.
  private func firstPageOfSearch<Item>(
    in db: Database, _ make: (borrowing Row) throws -> Item
  ) throws -> (Page<Item>, [String: TabCount])? {
    guard match != nil, state.position == .start, state.order(in: list) == nil else { return nil }
    var numbers: [String] = []
    var byStatus: [String: Int] = [:]
    var page = Page<Item>()
    try db.each(
      "SELECT \(raw: rowNumber), \(status) FROM \(found) WHERE true\(filter)\(own) ORDER BY \(raw: rowNumber) DESC LIMIT \(countCap + 1)"
    ) { row in
      let status = row.text(1)
      byStatus[status, default: 0] += 1
      guard state.tab.statuses.contains(status), !page.hasNext else { return }
      if numbers.count < state.perPage { numbers.append(row.text(0)) } else { page.hasNext = true }
    }
    var counts = tabCounts(byStatus)
    if byStatus.values.reduce(0, +) > countCap {
      let seen = state.tab.statuses.reduce(0) { $0 + (byStatus[$1] ?? 0) }
      guard page.hasNext, seen >= countCap / 2 else { return nil }
      counts = [state.tab.id: rounded(seen)]
    }
    let read = (["seq", "id", "''"] + columns.flatMap(\.reads)).joined(separator: ", ")
    let wanted: SQL = "SELECT value AS number FROM json_each(\("[" + numbers.joined(separator: ",") + "]"))"
    // In the order in which the numbers stand there.
    try db.each("SELECT \(raw: read) FROM (\(wanted)) CROSS JOIN \(raw: list.table) ON seq = number") { row in
      let cursor = ListCursor(value: "", seq: row.int(0))
      page.first = page.first ?? cursor
      page.last = cursor
      page.items.append(try make(row))
    }
    return (page, counts)
  }

  /// The next `limit` rows after a cursor: exports walk the whole list with this.
  func items<Item>(
    after cursor: ListCursor?, limit: Int, in db: Database, _ make: (borrowing Row) throws -> Item
  ) throws -> [(cursor: ListCursor?, item: Item)] {
    try fetch(from: cursor, backwards: false, limit: limit, in: db, make)
  }

  // MARK: Rows

  private func fetch<Item>(
    from cursor: ListCursor?, backwards: Bool, limit: Int, in db: Database, _ make: (borrowing Row) throws -> Item
  ) throws -> [(cursor: ListCursor?, item: Item)] {
    var read: [(cursor: ListCursor?, item: Item)] = []
    guard !findsNothing else { return read }
    read.reserveCapacity(limit)
    try db.each(statement(from: cursor, backwards: backwards, limit: limit)) { row in
      // Only where the next page may begin: at one of the ends, the last row being read to see whether there is more.
      let isEnd = read.isEmpty || read.count >= limit - 2
      read.append((isEnd ? ListCursor(value: row.text(2), seq: row.int(0)) : nil, try make(row)))
    }
    return read
  }

  private func statement(from cursor: ListCursor?, backwards: Bool, limit: Int) -> SQL {
    let order = state.order(in: list)
    let sort = order.flatMap { list.column($0.column)?.sort }
    let descending = (order?.descending ?? true) != backwards
    let read = (["seq", "id", sort?.column ?? "''"] + columns.flatMap(\.reads)).joined(separator: ", ")
    let direction = descending ? "DESC" : "ASC"
    let ordering = sort.map { "\($0.column) \(direction), seq \(direction)" } ?? "\(rowNumber) \(direction)"

    if state.q.isEmpty, scope == .all, let sort {
      // One range of the (status, sort, seq) index for each status; several are merged as they are read, so nothing is ever sorted.
      let index = state.filter?.index ?? "\(list.table)_\(sort.index)"
      let ranges = state.tab.statuses.map { status -> SQL in
        "SELECT \(raw: read) FROM \(raw: list.table) INDEXED BY \(raw: index) WHERE status = \(status)\(filter)\(past(cursor, sort, descending))"
      }
      let merged = ranges.dropFirst().reduce(ranges[0]) { $0 + " UNION ALL " + $1 }
      return "\(merged) ORDER BY \(raw: ranges.count > 1 ? "3 \(direction), 1 \(direction)" : ordering) LIMIT \(limit)"
    }
    return "SELECT \(raw: read) FROM \(matching) WHERE \(inTab)\(past(cursor, sort, descending)) ORDER BY \(raw: ordering) LIMIT \(limit)"
  }

  /// The condition that rows lie past the cursor.
  private func past(_ cursor: ListCursor?, _ sort: Column.Sort?, _ descending: Bool) -> SQL {
    guard let cursor else { return "" }
    let comparison = descending ? "<" : ">"
    guard let sort else { return " AND \(raw: rowNumber) \(raw: comparison) \(cursor.seq)" }
    if sort.isNumber { return " AND (\(raw: sort.column), seq) \(raw: comparison) (\(Int(cursor.value) ?? 0), \(cursor.seq))" }
    return " AND (\(raw: sort.column), seq) \(raw: comparison) (\(cursor.value), \(cursor.seq))"
  }

  // MARK: Search and scope

  private var rowNumber: String { match == nil ? "seq" : "\(list.searchTable).rowid" }

  private var filter: SQL {
    guard let filter = state.filter else { return "" }
    return " AND \(raw: filter.condition)"
  }

  private var inTab: SQL {
    "\(status) IN \(SQL.list(state.tab.statuses))\(filter)\(own)"
  }

  private var own: SQL {
    // Through the indexes of owners and creators: an OR over both columns would walk the whole list.
    guard case .own(let user) = scope else { return scope.condition(on: list.table) }
    return """
       AND \(raw: rowNumber) IN (SELECT seq FROM \(raw: list.table) WHERE owner_id = \(user) UNION SELECT seq FROM \(raw: list.table) WHERE created_by = \(user))
      """
  }

  /// The table, joined to what the search finds in it. `CROSS JOIN` fixes the order: the index of words first.
  private var matching: SQL {
    guard let match else { return "\(raw: list.table)" }
    return """
      \(raw: list.searchTable) CROSS JOIN \(raw: list.table) ON seq = \(raw: list.searchTable).rowid AND \(raw: list.searchTable) MATCH \(match)
      """
  }

  /// What a search finds, for counting it: the index of words alone unless a filter asks for more of each record.
  private var found: SQL {
    guard let match, state.filter == nil else { return matching }
    return "\(raw: list.searchTable)(\(match))"
  }

  /// A record's status. What a search finds lies all over the file, so there it comes from an index of the few that are not active instead of the row.
  private var status: SQL {
    guard match != nil else { return "status" }
    return """
      coalesce((SELECT status FROM \(raw: list.table) INDEXED BY \(raw: list.table)_not_active
        WHERE seq = \(raw: list.searchTable).rowid AND status <> 'active'), 'active')
      """
  }

  // MARK: Counts

  /// How many records each tab holds; a missing number was not worth counting.
  func counts(in db: Database) throws -> [String: TabCount] {
    var byStatus: [String: Int] = [:]
    guard !findsNothing else { return tabCounts(byStatus) }
    if state.q.isEmpty, state.filter == nil, scope == .all {
      try db.each("SELECT status, n FROM record_counts WHERE list = \(list.name)") { byStatus[$0.text(0)] = $0.int(1) }
    } else {
      let statuses: SQL = "SELECT \(status) AS status FROM \(found) WHERE true\(filter)\(own) LIMIT \(countCap + 1)"
      try db.each("SELECT status, count(*) FROM (\(statuses)) GROUP BY status") { byStatus[$0.text(0)] = $0.int(1) }
      if byStatus.values.reduce(0, +) > countCap {
        let seen = state.tab.statuses.reduce(0) { $0 + (byStatus[$1] ?? 0) }
        if seen >= countCap / 2 { return [state.tab.id: rounded(seen)] }
        let here = try db.value("SELECT count(*) FROM (SELECT 1 FROM \(found) WHERE \(inTab) LIMIT \(countCap + 1))") ?? 0
        return [state.tab.id: here > countCap ? .more(than: countCap) : .exactly(here)]
      }
    }
    return tabCounts(byStatus)
  }

  private func rounded(_ seen: Int) -> TabCount {
    let step = countCap / 5
    return .more(than: seen / step * step)
  }

  private func tabCounts(_ byStatus: [String: Int]) -> [String: TabCount] {
    Dictionary(
      uniqueKeysWithValues: ListDefinition.tabs.map { tab in (tab.id, .exactly(tab.statuses.reduce(0) { $0 + (byStatus[$1] ?? 0) })) })
  }
}

/// A number of records, as far as it was counted.
enum TabCount: Equatable, Sendable {
  case exactly(Int)
  case more(than: Int)
}
