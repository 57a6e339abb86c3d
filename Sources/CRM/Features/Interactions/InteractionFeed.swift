import Admin
import Base
import Store

/// What happened with a record, newest first: its own interactions; those of others in which it took part; and those of the records that belong to
/// it, a company's people. Whatever belongs to something in the trash, or out of the visitor's reach, is left out.
struct InteractionFeed {
  let kind: RecordType
  let record: RecordHeader
  let reach: RecordReach
  var part = Part.all
  /// Only one thread.
  var thread: String?

  /// Which part of a feed is wanted.
  enum Part {
    case all
    /// What concerns the record itself.
    case own
    /// What the records had that belong to it.
    case related
  }

  struct Line: Sendable {
    let interaction: Interaction
    /// The record that it belongs to; `nil` for the feed's own.
    let anchor: Anchor?
    /// How many belong to its thread.
    let threadSize: Int
    let cursor: ListCursor
  }

  struct Anchor: Sendable {
    let kind: RecordType
    let id: String
    let name: String
  }

  func lines(after cursor: ListCursor?, limit: Int, in db: Database) throws -> [Line] {
    let anchor = reach.everything.record("i.record_id")
    let newest = newest(limit, past: cursor.map { " AND (i.occurred_at, i.seq) < (\($0.value), \($0.seq))" } ?? "")
    return try db.all(
      """
      SELECT i.seq, i.id, i.type, i.direction, i.subject, i.body, i.occurred_at, i.zone, i.minutes, i.outcome, i.thread, i.version,
        coalesce(u.name, ''), \(anchor.type), i.record_id, \(anchor.name),
        CASE WHEN i.thread IS NULL THEN 0 ELSE (SELECT count(*) FROM interactions WHERE thread = i.thread AND deleted_at IS NULL) END
      FROM (SELECT seq FROM (\(newest)) ORDER BY occurred_at DESC, seq DESC LIMIT \(limit)) f
        JOIN interactions i ON i.seq = f.seq LEFT JOIN users u ON u.id = i.logged_by
        \(anchor.join)
      ORDER BY i.occurred_at DESC, i.seq DESC
      """
    ) { row in
      var details = InteractionDetails(occurredAt: row.timestamp(6), zone: row.text(7))
      details.type = row.text(2)
      details.direction = row.text(3)
      details.subject = row.text(4)
      details.body = row.text(5)
      details.minutes = row.intOrNil(8)
      details.outcome = row.text(9)
      details.thread = row.textOrNil(10)
      let interaction = Interaction(
        seq: row.int(0), id: row.recordID(1), details: details, version: row.int(11), loggedBy: row.text(12), isDeleted: false)
      let id = row.text(14)
      let kind = id == record.id.text ? nil : row.textOrNil(13).flatMap { reach.kinds[$0] }
      return Line(
        interaction: interaction, anchor: kind.map { Anchor(kind: $0, id: id, name: row.text(15)) },
        threadSize: row.int(16), cursor: ListCursor(value: row.text(6), seq: row.int(0)))
    }
  }

  /// A query for all of them. Counting reads no more than needed.
  var rows: SQL { "SELECT seq FROM (\(newest(100, past: "")))" }

  /// A query for the numbers and times of the newest of each source. Each walks an index and stops after `limit`, however much there is.
  private func newest(_ limit: Int, past: SQL) -> SQL {
    let live: SQL = thread.map { " AND i.deleted_at IS NULL AND i.thread = \($0)\(past)" } ?? " AND i.deleted_at IS NULL\(past)"
    let newest: SQL = " ORDER BY i.occurred_at DESC, i.seq DESC LIMIT \(limit)"
    let id = record.id
    let own: SQL = "SELECT * FROM (SELECT i.seq, i.occurred_at FROM interactions i WHERE i.record_id = \(id)\(live)\(newest))"
    let shared: SQL = """
      SELECT * FROM (SELECT i.seq, i.occurred_at FROM interaction_parties p JOIN interactions i ON i.seq = p.interaction
        WHERE p.record_id = \(id) AND i.record_id <> \(id)\(live) AND \(reach.record("i.record_id").isInReach)\(newest))
      """
    guard let related = kind.related, let relatedKind = reach.kinds[related.type] else {
      return own + " UNION ALL " + shared
    }
    // For each the newest few, by their index: never all that a large company's people ever had.
    let theirs: SQL = """
      SELECT i.seq, i.occurred_at FROM (\(related.ids(id))) m
        JOIN \(raw: relatedKind.table) c ON c.id = m.id AND c.status <> 'trashed'\(reach.scope(of: related.type).condition(on: "c"))
        JOIN interactions i ON i.seq IN (SELECT i.seq FROM interactions i WHERE i.record_id = m.id\(live)\(newest))
      """
    // A person may be with a company twice, and what is theirs may be shared with it.
    return switch part {
    case .all: SQL(joining: [own, shared, theirs], separator: " UNION ")
    case .own: own + " UNION ALL " + shared
    case .related: "SELECT DISTINCT * FROM (\(theirs))"
    }
  }
}
