import Base
import Store

extension ListQuery {
  /// The record beside another in the order of this list, and the page that it is on: this one, or the page after it or before it. The other may have left
  /// the list, or have got another place in it, since the page was seen. `nil` at the end of the list.
  func neighbour(_ step: RecordStep, of record: RecordID, in db: Database) throws -> (record: RecordID, state: ListState)? {
    let page = try page(in: db) { $0.recordID(1) }
    let isPastExact = page.first?.value == ListCursor.similar
    guard let cursor = try cursor(of: record, isPastExact: isPastExact, in: db),
      let found = try fetch(from: cursor, backwards: step == .previous, limit: 1, in: db, { $0.recordID(1) }).first?.item
    else { return nil }
    if page.items.contains(found) { return (found, state) }
    let first = page.items.contains(record) ? state.position == .start ? 1 : state.from : nil
    let moved = state.with {
      $0.position = step == .next ? .after(cursor) : .before(cursor)
      $0.from = first.map { step == .next ? $0 + page.items.count : max(1, $0 - state.perPage) }
    }
    return (found, moved)
  }

  /// The place that a record has, or would have, in the order of this list. A search shows what is only similar after all else.
  private func cursor(of record: RecordID, isPastExact: Bool, in db: Database) throws -> ListCursor? {
    let key = state.order(in: list).flatMap { list.column($0.column)?.sort?.key.expression }
    let row = try db.first("SELECT seq, \(raw: key ?? "''") FROM \(raw: list.table) WHERE id = \(record)") { ($0.int(0), $0.text(1)) }
    guard let (seq, value) = row else { return nil }
    guard key == nil, plan.source == .search, let match, let similar = try match.similar(in: db) else {
      return ListCursor(value: value, seq: seq)
    }
    func isFound(_ match: String) throws -> Bool {
      try db.value("SELECT 1 FROM \(found(match)) WHERE \(raw: foundNumber) = \(seq)") == 1
    }
    let isSimilar = try !isFound(match.exact) && (isPastExact || isFound(similar))
    return ListCursor(value: isSimilar ? ListCursor.similar : "", seq: seq)
  }
}
