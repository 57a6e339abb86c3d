import Base
package import Store

/// Turns a list's state into rows. All SQL of the list engine is here, but for what only SQLite understands and what a field's comparison makes.
package struct ListQuery {
  let list: ListDefinition
  let state: ListState
  package let columns: [Column]
  let scope: Scope
  let plan: ListPlan
  /// What is searched for, as the index of words has it; `nil` for nothing.
  let match: SearchMatch?
  /// ` AND …`, if there is a filter, or a search that asks each record.
  private let filter: SQL
  /// How many matches a search counts before it gives a round number, "400+". Each word makes a match more expensive to find. Two pages at the least, so that
  /// the first is whole though half of what is found belongs to another tab.
  let countCap: Int
  /// What the columns read, each after a comma.
  private let cells: SQL

  /// Refuses what would have to look at too many rows. `reach` says which records the columns may name, and a search may find by.
  package init(
    list: ListDefinition, state: ListState, columns: [Column], scope: Scope, reach: RecordReach, moment: FilterMoment,
    in db: Database
  ) throws {
    self.list = list
    var state = state
    if let base = list.base { state.filter = state.filter.map { .and([base, $0]) } ?? base }
    self.state = state
    self.columns = columns
    self.scope = scope
    cells = columns.flatMap { column in column.within?(reach) ?? column.reads.map { SQL(raw: $0) } }
      .reduce(into: "") { $0 += ", " + $1 }
    let match = try SearchMatch(state.q, in: list, scope, reach, db)
    self.match = match
    countCap = max(SearchMatch.words(of: state.q).count > 2 ? 100 : 500, 2 * state.perPage)
    let planner = ListPlanner(
      list: list, state: state, scope: scope,
      matches: match.map { match in
        { try db.value("SELECT count(*) FROM (SELECT 1 FROM \(raw: list.searchTable)(\(try match.all(in: db))) LIMIT \($0 + 1))") ?? 0 }
      }, moment: moment, db: db)
    plan = try planner.plan()
    var asked = state.filter
    // What a part of the list has in common needn't be asked of each record.
    if case .part(let part) = plan.source { asked = asked.flatMap { part.rest(of: $0) }.flatMap { $0.isEmpty ? nil : .and($0) } }
    filter = (asked.map { " AND \($0.sql(in: list, moment))" } ?? "") + (match?.asked(of: list) ?? "")
  }

  /// What was made of a page's rows, and where it begins and ends.
  package struct Page<Item> {
    package var items: [Item] = []
    var first: ListCursor?
    var last: ListCursor?
    var hasPrevious = false
    var hasNext = false
  }

  /// A row that is read has its number, its id and its sort value, then the columns of its cells.
  package static let firstCell = 3

  /// Something is typed, and there is no letter or digit in it: nothing is found, rather than everything.
  private var findsNothing: Bool { match == nil && !state.q.isEmpty }

  /// One page in order: what `make` makes of its rows.
  package func page<Item>(in db: Database, _ make: (borrowing Row) throws -> Item) throws -> Page<Item> {
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
  package func read<Item>(in db: Database, _ make: (borrowing Row) throws -> Item) throws -> (Page<Item>, [String: TabCount]) {
    if let found = try firstPageOfSearch(in: db, make) { return found }
    return (try page(in: db, make), try counts(in: db))
  }

  /// The first page of what a search finds, newest first, and the counts, from one look into the index of words: finding a common name there costs
  /// more than all rows together. Only the page's own rows are read whole, as each lies somewhere else in the file. `nil` where this doesn't apply, or
  /// has not seen enough.
  private func firstPageOfSearch<Item>(
    in db: Database, _ make: (borrowing Row) throws -> Item
  ) throws -> (Page<Item>, [String: TabCount])? {
    guard plan.source == .search, state.position == .start, state.order(in: list) == nil else { return nil }
    var numbers: [Int] = []
    var exact = 0
    var byStatus: [String: Int] = [:]
    var seen = 0
    var page = Page<Item>()
    for isSimilar in [false, true] where seen <= countCap {
      guard let expression = try isSimilar ? match?.similar(in: db) : match?.exact else { continue }
      try db.each(
        """
        SELECT \(raw: rowNumber), \(status) FROM \(counted(expression)) WHERE true\(filter)\(own)
        ORDER BY \(raw: rowNumber) DESC LIMIT \(countCap + 1 - seen)
        """
      ) { row in
        let status = row.text(1)
        seen += 1
        byStatus[status, default: 0] += 1
        guard state.tab.statuses.contains(status), !page.hasNext else { return }
        if numbers.count < state.perPage { numbers.append(row.int(0)) } else { page.hasNext = true }
      }
      if !isSimilar { exact = numbers.count }
    }
    var counts = tabCounts(byStatus)
    if seen > countCap {
      let seen = state.tab.statuses.reduce(0) { $0 + (byStatus[$1] ?? 0) }
      guard page.hasNext, seen >= countCap / 2 else { return nil }
      counts = [state.tab.id: rounded(seen)]
    }
    try db.each(rows(numbered: numbers, reading: reads(sortedBy: nil))) { row in
      let cursor = ListCursor(value: page.items.count < exact ? "" : ListCursor.similar, seq: row.int(0))
      page.first = page.first ?? cursor
      page.last = cursor
      page.items.append(try make(row))
    }
    return (page, counts)
  }

  // MARK: Exports

  /// Whether a page begins with what is only similar: there is nothing better.
  func hasOnlySimilar(_ page: Page<some Any>) -> Bool {
    !page.hasPrevious && page.first?.value == ListCursor.similar && state.order(in: list) == nil && match != nil
  }

  /// The next `limit` rows after a cursor: exports walk the whole list with this where nothing has to be sorted.
  func items<Item>(
    after cursor: ListCursor?, limit: Int, in db: Database, _ make: (borrowing Row) throws -> Item
  ) throws -> [(cursor: ListCursor?, item: Item)] {
    try fetch(from: cursor, backwards: false, limit: limit, in: db, make)
  }

  /// The numbers of all rows, in order, so that they are sorted once and not again for each piece; `nil` where nothing has to be sorted.
  func sortedNumbers(in db: Database) throws -> [Int]? {
    guard plan.sorts(state.order(in: list)), !findsNothing else { return nil }
    var numbers: [Int] = []
    for part in try parts(from: nil, backwards: false, in: db) {
      numbers += try db.all(try statement(part, reading: "seq", limit: nil, in: db)) { $0.int(0) }
    }
    return numbers
  }

  /// These rows, those that are still there.
  func items<Item>(numbered numbers: some Collection<Int>, in db: Database, _ make: (borrowing Row) throws -> Item) throws -> [Item] {
    try db.all(rows(numbered: numbers, reading: reads(sortedBy: nil)), make)
  }

  // MARK: Rows

  /// Records with a value come before those without one, whichever way they are sorted: a page may have some of both.
  package struct Part {
    package enum Values {
      case all, some, none
    }

    let values: Values
    let sort: Column.Sort.Key?
    let descending: Bool
    let cursor: ListCursor?
    /// Of what a search finds: the similar ones alone, or the others alone; `nil` for both.
    var isSimilar: Bool?
  }

  func fetch<Item>(
    from cursor: ListCursor?, backwards: Bool, limit: Int, in db: Database, _ make: (borrowing Row) throws -> Item
  ) throws -> [(cursor: ListCursor?, item: Item)] {
    var read: [(cursor: ListCursor?, item: Item)] = []
    guard !findsNothing else { return read }
    read.reserveCapacity(limit)
    for part in try parts(from: cursor, backwards: backwards, in: db) where read.count < limit {
      let wanted = limit - read.count
      var wantedRows = try statement(part, reading: reads(sortedBy: part.sort, part.isSimilar == true), limit: wanted, in: db)
      if let index = plan.firstTry {
        let most = plan.refusal == nil ? ListPlan.mostTried : ListPlan.mostRows
        let numbers = try db.all(tried(index, part, most, limit: wanted)) { $0.int(0) }
        if try numbers.count == wanted || isWhole(index, part, most, in: db) {
          wantedRows = rows(numbered: numbers, reading: reads(sortedBy: part.sort))
        } else if let refusal = plan.refusal {
          throw refusal
        }
      }
      try db.each(wantedRows) { row in
        // Only where the next page may begin: at one of the ends, the last row being read to see whether there is more.
        let isEnd = read.isEmpty || read.count >= limit - 2
        read.append((isEnd ? ListCursor(value: row.text(2), seq: row.int(0)) : nil, try make(row)))
      }
    }
    return read
  }

  /// What lies ahead of a cursor.
  private func parts(from cursor: ListCursor?, backwards: Bool, in db: Database) throws -> [Part] {
    let order = state.order(in: list)
    let sort = order.flatMap { list.column($0.column)?.sort?.key }
    let descending = (order?.descending ?? true) != backwards
    func part(_ values: Part.Values, _ cursor: ListCursor?) -> Part {
      Part(values: values, sort: sort, descending: descending, cursor: cursor)
    }
    if sort == nil, plan.source == .search, try match?.similar(in: db) != nil {
      let isPastExact = cursor.map { $0.value == ListCursor.similar } ?? backwards
      func part(_ isSimilar: Bool) -> Part {
        Part(values: .all, sort: nil, descending: descending, cursor: isSimilar == isPastExact ? cursor : nil, isSimilar: isSimilar)
      }
      return isPastExact == backwards ? [part(backwards), part(!backwards)] : [part(isPastExact)]
    }
    guard let sort, sort.hasEmpty else { return [part(.all, cursor)] }
    let isPastValues = cursor?.value.isEmpty == true
    switch (backwards, isPastValues) {
    case (false, true): return [part(.none, cursor)]
    case (false, false): return [part(.some, cursor), part(.none, nil)]
    case (true, true): return [part(.none, cursor), part(.some, nil)]
    case (true, false): return cursor == nil ? [part(.none, nil), part(.some, nil)] : [part(.some, cursor)]
    }
  }

  private func reads(sortedBy sort: Column.Sort.Key?, _ isSimilar: Bool = false) -> SQL {
    "seq, id, \(raw: sort?.expression ?? (isSimilar ? "'\(ListCursor.similar)'" : "''"))\(cells)"
  }

  private func statement(_ part: Part, reading columns: SQL, limit: Int?, in db: Database) throws -> SQL {
    let direction = part.descending ? "DESC" : "ASC"
    let limited: SQL = limit.map { " LIMIT \($0)" } ?? ""
    // Of records without a value only their numbers tell them apart.
    let sort = part.values == .none ? nil : part.sort
    let asked: SQL = "\(filter)\(own)\(having(part))\(past(part, sort))"
    // An export goes through all there are, however many.
    if let index = plan.orderedIndex {
      return ordered(by: index, part, reading: columns, keyAt: 3, asking: asked) + limited
    }
    return
      "SELECT \(columns) FROM \(try source(of: part, in: db)) WHERE \(inTab)\(asked) ORDER BY \(raw: ordered(sort, direction))\(limited)"
  }

  /// One range of the (status, key, seq) index for each status; several are merged as they are read, so nothing is ever sorted. The first of `columns`
  /// is the row's number, another the key.
  private func ordered(by index: String, _ part: Part, reading columns: SQL, keyAt: Int, asking asked: SQL) -> SQL {
    let direction = part.descending ? "DESC" : "ASC"
    let sort = part.values == .none ? nil : part.sort
    let ranges = state.tab.statuses.map { status -> SQL in
      "SELECT \(columns) FROM \(SQL.table(list.table, by: index)) WHERE status = \(status)\(asked)"
    }
    let merged = ranges.dropFirst().reduce(ranges[0]) { $0 + " UNION ALL " + $1 }
    let ordering = sort == nil ? "1 \(direction)" : "\(keyAt) \(direction), 1 \(direction)"
    return "\(merged) ORDER BY \(raw: ranges.count > 1 ? ordering : ordered(sort, direction))"
  }

  /// The numbers of the first rows that the filter finds among so many along this index.
  private func tried(_ index: String, _ part: Part, _ most: Int, limit: Int) -> SQL {
    first(limit, of: "\(all(index, part)) LIMIT \(most)", asking: filter)
  }

  /// Whether there are no more than so many rows along this index.
  private func isWhole(_ index: String, _ part: Part, _ most: Int, in db: Database) throws -> Bool {
    try db.value("SELECT count(*) FROM (\(all(index, part)) LIMIT \(most + 1))") ?? 0 <= most
  }

  /// The numbers of all rows along this index, whatever the filter asks.
  private func all(_ index: String, _ part: Part) -> SQL {
    let sort = part.values == .none ? nil : part.sort
    let key = part.sort?.expression ?? "''"
    return ordered(by: index, part, reading: "seq AS tried, \(raw: key)", keyAt: 2, asking: "\(having(part))\(past(part, sort))")
  }

  private func ordered(_ sort: Column.Sort.Key?, _ direction: String) -> String {
    sort.map { "\($0.expression) \(direction), seq \(direction)" } ?? "\(rowNumber) \(direction)"
  }

  /// The condition that rows have a value, or none. What lies past a value upwards has one: said as well, it would be taken for the beginning of the
  /// index's range instead of the cursor.
  private func having(_ part: Part) -> SQL {
    guard let sort = part.sort else { return "" }
    switch part.values {
    case .all: return ""
    case .some: return part.cursor != nil && !part.descending ? "" : " AND \(sort.isNotEmpty)"
    case .none: return " AND \(sort.isEmpty)"
    }
  }

  /// The condition that rows lie past the cursor.
  private func past(_ part: Part, _ sort: Column.Sort.Key?) -> SQL {
    guard let cursor = part.cursor else { return "" }
    let comparison = part.descending ? "<" : ">"
    guard let sort else { return " AND \(raw: rowNumber) \(raw: comparison) \(cursor.seq)" }
    if sort.isNumber { return " AND (\(raw: sort.expression), seq) \(raw: comparison) (\(Int(cursor.value) ?? 0), \(cursor.seq))" }
    return " AND (\(raw: sort.expression), seq) \(raw: comparison) (\(cursor.value), \(cursor.seq))"
  }

  // MARK: Where rows come from

  private func source(of part: Part, in db: Database) throws -> SQL {
    switch part.isSimilar {
    case true?: try match?.similar(in: db).map(joined) ?? source(in: db)
    case false?: try match.map { joined($0.exact) } ?? source(in: db)
    case nil: try source(in: db)
    }
  }

  private func source(in db: Database) throws -> SQL {
    switch plan.source {
    case .order(let index), .index(let index): SQL.table(list.table, by: index)
    case .part(let part): SQL.table(list.table, by: part.index)
    case .tab: SQL.table(list.table, by: list.column(list.defaultSort)?.sort?.index ?? "by_name")
    case .search: try match.map { joined(try $0.all(in: db)) } ?? "\(raw: list.table)"
    case .own: "\(raw: list.table)"
    }
  }

  private var rowNumber: String { plan.source == .search ? foundNumber : "seq" }

  private var inTab: SQL { "\(status) IN \(SQL.list(state.tab.statuses))\(unsearched)\(inPart)" }

  /// As the index has it: so the database knows that the index has all of them.
  private var inPart: SQL { if case .part(let part) = plan.source { " AND \(raw: part.condition)" } else { "" } }

  /// What is searched for, asked of each row where something else has found them.
  private var unsearched: SQL {
    guard match != nil, case .index = plan.source else { return "" }
    return " AND \(SearchMatch.condition(state.q, on: list.searchColumns.map { list.table + "." + $0 }))"
  }

  private var own: SQL {
    // Through the indexes of owners and creators: an OR over both columns would walk the whole list.
    guard case .own(let user, let through) = scope else { return scope.condition(on: list.table) }
    let from: SQL = "SELECT seq FROM \(raw: list.table) WHERE"
    let linked = through.reduce("" as SQL) { $0 + " UNION \(from) id IN (\($1.ids(of: user)))" }
    return " AND \(raw: rowNumber) IN (\(from) owner_id = \(user) UNION \(from) created_by = \(user)\(linked))"
  }

  private var status: SQL { plan.source == .search ? foundStatus : "status" }

  // MARK: Counts

  /// Where records are counted: of what a search finds the index of words alone, unless a filter asks for more of each record.
  private func counted(in db: Database) throws -> SQL {
    guard let match, plan.source == .search else { return try source(in: db) }
    return counted(try match.all(in: db))
  }

  private func counted(_ match: String) -> SQL { state.filter == nil && self.match?.asksRecords != true ? found(match) : joined(match) }

  /// How many records each tab holds; a missing number was not worth counting.
  package func counts(in db: Database) throws -> [String: TabCount] {
    var byStatus: [String: Int] = [:]
    guard !findsNothing else { return tabCounts(byStatus) }
    if state.q.isEmpty, state.filter == nil, scope == .all {
      try db.each("SELECT status, n FROM record_counts WHERE list = \(list.name)") { byStatus[$0.text(0)] = $0.int(1) }
      return tabCounts(byStatus)
    }
    guard plan.reachesAllTabs else { return [state.tab.id: try countOfTab(upTo: countCap, in: db)] }
    let inAnyTab: SQL
    switch plan.source {
    case .search, .own: inAnyTab = "true"
    default: inAnyTab = "status IN \(SQL.list(list.tabs.flatMap { $0.id == "all" ? [] : $0.statuses }))\(unsearched)\(inPart)"
    }
    let statuses: SQL = "SELECT \(status) AS status FROM \(try counted(in: db)) WHERE \(inAnyTab)\(filter)\(own) LIMIT \(countCap + 1)"
    try db.each("SELECT status, count(*) FROM (\(statuses)) GROUP BY status") { byStatus[$0.text(0)] = $0.int(1) }
    guard byStatus.values.reduce(0, +) > countCap else { return tabCounts(byStatus) }
    let seen = state.tab.statuses.reduce(0) { $0 + (byStatus[$1] ?? 0) }
    if seen >= countCap / 2 { return [state.tab.id: rounded(seen)] }
    return [state.tab.id: try countOfTab(upTo: countCap, in: db)]
  }

  /// How many records the present tab holds, as far as is wanted.
  package func countOfTab(upTo most: Int, in db: Database) throws -> TabCount {
    let count =
      try db.value("SELECT count(*) FROM (SELECT 1 FROM \(try counted(in: db)) WHERE \(inTab)\(filter)\(own) LIMIT \(most + 1))") ?? 0
    return count > most ? .more(than: most) : .exactly(count)
  }

  /// What the records of the present tab add up to, for each currency, the largest first; nothing where there are more than `most` of them.
  func sums(_ counts: [String: TabCount], upTo most: Int, in db: Database) throws -> [(minor: Int, currency: String)] {
    guard let sum = list.sum, case .exactly(let n)? = counts[state.tab.id], n > 0, n <= most else { return [] }
    let source = if let match, plan.source == .search { joined(try match.all(in: db)) } else { try source(in: db) }
    return try db.all(
      """
      SELECT sum(\(raw: sum.amount)) AS minor, \(raw: sum.currency) AS currency FROM \(source) WHERE \(inTab)\(filter)\(own)
      GROUP BY \(raw: sum.currency) HAVING currency <> '' ORDER BY minor DESC
      """
    ) { ($0.int(0), $0.text(1)) }
  }

  private func rounded(_ seen: Int) -> TabCount {
    let step = countCap / 5
    return .more(than: seen / step * step)
  }

  private func tabCounts(_ byStatus: [String: Int]) -> [String: TabCount] {
    Dictionary(uniqueKeysWithValues: list.tabs.map { tab in (tab.id, .exactly(tab.statuses.reduce(0) { $0 + (byStatus[$1] ?? 0) })) })
  }

  /// Whether a click on a column's heading would be answered. Where it isn't known yet how many rows there are to sort, it is offered.
  func offersSort(by column: Column, _ counts: [String: TabCount]) -> Bool {
    guard let sort = column.sort else { return false }
    if sort.index != nil || scope != .all || match != nil || state.filter != nil { return true }
    return (counts[state.tab.id]?.number ?? 0) <= ListPlan.mostRows
  }
}

extension Column.Sort.Key {
  var hasEmpty: Bool { if case .never = empty { false } else { true } }

  var isEmpty: SQL {
    if case .null = empty { return "\(raw: expression) IS NULL" }
    return "\(raw: expression) = ''"
  }

  var isNotEmpty: SQL {
    if case .null = empty { return "\(raw: expression) IS NOT NULL" }
    return "\(raw: expression) > ''"
  }
}

/// A number of records, as far as it was counted.
package enum TabCount: Equatable, Sendable {
  case exactly(Int)
  case more(than: Int)
}
