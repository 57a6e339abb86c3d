import Base
import Store

/// Goes through all that the filters of an activity log let through, newest first, some lines at a time: with the same memory for a million lines as for
/// a hundred, and without looking at any of them twice.
struct ActivityWalk {
  /// A server thread makes one piece after the other for all who wait, so each is short.
  private static let linesAtOnce = 200

  private let log: ActivityLog
  private var cursor: ListCursor?
  private var isDone = false
  /// The records that are found, if words are looked for.
  private var records: [FoundRecord]?

  init(_ log: ActivityLog) { self.log = log }

  /// The next lines; `nil` at the end.
  mutating func next(in db: Database) throws -> [ActivityLog.Line]? {
    guard !isDone else { return nil }
    let lines: [ActivityLog.Line]
    if records != nil {
      lines = try nextOfRecords(in: db)
    } else if cursor == nil, let found = try log.records(in: db) {
      records = try db.all(found) { FoundRecord(type: $0.text(0), id: $0.text(1)) }
      lines = try nextOfRecords(in: db)
    } else {
      lines = try log.lines(after: cursor, limit: Self.linesAtOnce, in: db)
      cursor = lines.last?.cursor
    }
    isDone = lines.count < Self.linesAtOnce
    return lines
  }

  /// Entries of several records, each of which has its own in order: always the newest of all that come next. To sort what all of them have would mean
  /// to read it all before the first line.
  private mutating func nextOfRecords(in db: Database) throws -> [ActivityLog.Line] {
    guard var records else { return [] }
    self.records = nil
    defer { self.records = records }
    var entries: [Int] = []
    while entries.count < Self.linesAtOnce {
      var newest: (record: Int, entry: Int)?
      for index in records.indices {
        if let entry = try records[index].next(log, in: db), entry > newest?.entry ?? 0 { newest = (index, entry) }
      }
      guard let newest else { break }
      entries.append(newest.entry)
      records[newest.record].drop()
    }
    records.removeAll { $0.isDone }
    return try log.lines(from: "activity a WHERE a.seq IN \(SQL.each(entries)) ORDER BY a.seq DESC", in: db)
  }
}

/// A record on a walk, with the numbers of its next entries.
private struct FoundRecord {
  private static let entriesAtOnce = 64

  let type: String
  let id: String
  /// The next one last.
  private var entries: [Int] = []
  private var last = Int.max
  private var isRead = false

  init(type: String, id: String) { (self.type, self.id) = (type, id) }

  var isDone: Bool { isRead && entries.isEmpty }

  /// The number of the next entry.
  mutating func next(_ log: ActivityLog, in db: Database) throws -> Int? {
    if entries.isEmpty, !isRead {
      let conditions = ["a.record_type = \(type) AND a.record_id = \(id) AND a.seq < \(last)"] + log.conditions
      let found = try db.all(
        """
        SELECT a.seq FROM activity a \(SQL.by(index: "activity_by_record")) WHERE \(SQL(joining: conditions, separator: " AND "))
        ORDER BY a.seq DESC LIMIT \(Self.entriesAtOnce)
        """
      ) { $0.int(0) }
      isRead = found.count < Self.entriesAtOnce
      last = found.last ?? 0
      entries = found.reversed()
    }
    return entries.last
  }

  mutating func drop() { entries.removeLast() }
}
