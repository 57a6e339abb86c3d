import Base
import Store

/// Looks through the whole audit log, newest first.
struct ActivityLog: Sendable {
  let types: RecordTypes
  /// A user's id, or `program` for what nobody did by hand.
  var actor = ""
  var action = ""
  /// The name of a type of records.
  var type = ""
  /// What the visitor may not read about.
  var hidden: [String] = []
  /// Words of records' names.
  var q = ""
  /// Days in the visitor's zone, both included.
  var from: Timestamp?
  var until: Timestamp?
  /// The number of an import, of which each entry is looked at.
  var batch: Batch?

  struct Line: Sendable {
    let entry: Activity.Entry
    let recordType: String
    let recordID: String
    let recordName: String
    let recordExists: Bool
    let batch: Int?
    let cursor: ListCursor

    /// Whether nothing is left of the record but that it was there.
    var isErased: Bool { recordName.isEmpty && !recordExists }

    /// What the record is called, or was until it was erased.
    var shownName: Message { isErased ? Erasure.name(recordID) : Message(recordName) }
  }

  /// Records whose names are looked for at most; more is no search.
  private static let mostRecords = 500

  func lines(after cursor: ListCursor?, limit: Int, in db: Database) throws -> [Line] {
    var conditions = conditions
    let found = try records(in: db)
    if batch != nil, found == nil { return try linesOfBatch(after: cursor, limit: limit, in: db) }
    if let cursor { conditions.append("(a.at, a.seq) < (\(cursor.value), \(cursor.seq))") }
    // Each index has the log in its order for one of the filters; the others are looked at along the way. Left to itself the planner may rather
    // sort the whole log.
    let index = !actor.isEmpty ? "by_actor" : !action.isEmpty ? "by_action" : !type.isEmpty ? "by_type" : "by_time"
    var source: SQL = "activity a \(SQL.by(index: "activity_" + index))"
    if let found {
      // From the records that are found to what happened with each; the other way round led through the whole log.
      source = "(\(found)) AS found \(SQL.joinLeftToRight) activity a ON a.record_type = found.type AND a.record_id = found.id"
    }
    let whole: SQL = conditions.isEmpty ? "" : "WHERE \(SQL(joining: conditions, separator: " AND "))"
    return try lines(from: "\(source) \(whole) ORDER BY a.at DESC, a.seq DESC LIMIT \(limit)", in: db)
  }

  /// The entries of one import lie between two numbers; some of others may be among them.
  private func linesOfBatch(after cursor: ListCursor?, limit: Int, in db: Database) throws -> [Line] {
    let whole = SQL(joining: conditions + ["a.seq < \(cursor?.seq ?? Int.max)"], separator: " AND ")
    return try lines(from: "activity a \(SQL.by(index: nil)) WHERE \(whole) ORDER BY a.seq DESC LIMIT \(limit)", in: db)
  }

  /// What a page shows: an entry, or an import in the place of all that it brought.
  package enum Item {
    case entry(Line)
    case batch(Batch)
  }

  /// A page of lines, and from where the next one goes on. All entries of an import have the time at which it began, so they are next to each other and are passed
  /// over in one step, however much it is.
  func items(after cursor: ListCursor?, limit: Int, in db: Database) throws -> (items: [Item], next: ListCursor?) {
    var (items, next): ([Item], ListCursor?) = ([], cursor)
    while true {
      let wanted = limit + 1 - items.count
      let found = try lines(after: next, limit: wanted, in: db)
      var passed: Batch?
      for line in found {
        if batch == nil, q.isEmpty, let id = line.batch, let of = try Batch.find(id, in: db) { passed = of }
        if items.count == limit { return (items, next) }
        next = passed.map { ListCursor(value: line.cursor.value, seq: min($0.first, line.cursor.seq)) } ?? line.cursor
        items.append(passed.map { .batch($0) } ?? .entry(line))
        if passed != nil { break }
      }
      if passed == nil, found.count < wanted { return (items, nil) }
    }
  }

  /// What the filters ask of an entry `a`, but for the words.
  var conditions: [SQL] {
    var conditions: [SQL] = []
    if actor == "program" { conditions.append("a.actor_id IS NULL") } else if !actor.isEmpty { conditions.append("a.actor_id = \(actor)") }
    if !action.isEmpty { conditions.append("a.action = \(action)") }
    if !type.isEmpty { conditions.append("a.record_type = \(type)") }
    if !hidden.isEmpty { conditions.append("a.record_type NOT IN \(SQL.list(hidden))") }
    if let from { conditions.append("a.at >= \(from)") }
    if let until { conditions.append("a.at < \(until)") }
    if let batch { conditions.append("a.seq BETWEEN \(batch.first) AND \(batch.last) AND a.batch = \(batch.id)") }
    return conditions
  }

  /// A query for the records whose names have the words, as `type` and `id`; `nil` if none are looked for.
  func records(in db: Database) throws -> SQL? {
    try types.search(q, limit: Self.mostRecords, in: db)
  }

  /// The lines of entries `a`.
  func lines(from source: SQL, in db: Database) throws -> [Line] {
    try db.all(
      """
      SELECT a.seq, a.at, a.actor_name, a.action, a.changes, a.record_type, a.record_id, a.record_name,
        \(raw: Batch.source), EXISTS (SELECT 1 FROM records WHERE id = a.record_id), a.batch
      FROM \(source)
      """
    ) { row in
      Line(
        entry: Activity.Entry(
          seq: row.int(0), at: row.text(1), actorName: row.text(2), action: row.text(3), changes: Change.list(row.text(4)),
          isRevertible: false, source: Batch.source(row, at: 8)),
        recordType: row.text(5), recordID: row.text(6), recordName: row.text(7), recordExists: row.bool(10), batch: row.intOrNil(11),
        cursor: ListCursor(value: row.text(1), seq: row.int(0)))
    }
  }
}
