import Admin
import Base
import Store

/// All SQL over interactions, save that of feeds (`InteractionFeed`).
enum InteractionStore {
  /// An interaction of this anchor. One of another is not found: it is changed on its own page only.
  static func find(_ id: RecordID, of anchor: RecordID, in db: Database) throws -> Interaction? {
    try db.first(
      """
      SELECT i.seq, i.id, i.type, i.direction, i.subject, i.body, i.occurred_at, i.zone, i.minutes, i.outcome, i.thread, i.version,
        coalesce(u.name, ''), i.deleted_at IS NOT NULL
      FROM interactions i LEFT JOIN users u ON u.id = i.logged_by WHERE i.id = \(id) AND i.record_id = \(anchor)
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
      return Interaction(
        seq: row.int(0), id: row.recordID(1), details: details, version: row.int(11), loggedBy: row.text(12), isDeleted: row.bool(13))
    }
  }

  /// The one that came from elsewhere under an id, and the record that it belongs to.
  static func find(externalID: String, in db: Database) throws -> (id: RecordID, anchor: RecordID)? {
    try db.first("SELECT id, record_id FROM interactions WHERE connector = '' AND external_id = \(externalID)") {
      ($0.recordID(0), $0.recordID(1))
    }
  }

  /// Who changed one last; empty for the reader.
  static func author(of id: RecordID, on anchor: RecordID, toldTo reader: RecordID, in db: Database) throws -> String? {
    try author(of: id, on: anchor, as: "iif(actor_id = \(reader), '', actor_name)", where: "1", in: db)
  }

  /// The last user who changed one by hand; `nil` if nobody did.
  static func editor(of id: RecordID, on anchor: RecordID, in db: Database) throws -> String? {
    try author(
      of: id, on: anchor, as: "actor_name", where: "batch IS NULL AND actor_id IS NOT NULL AND action <> 'interaction.logged'", in: db)
  }

  private static func author(
    of id: RecordID, on anchor: RecordID, as name: SQL, where condition: SQL, in db: Database
  ) throws -> String? {
    let start = InteractionBefore.start(id)
    return try db.text(
      """
      SELECT \(name) FROM activity
      WHERE record_type = (SELECT type FROM records WHERE id = \(anchor)) AND record_id = \(anchor) AND \(condition)
        AND substr(before, 1, \(start.count)) = \(start)
      ORDER BY seq DESC LIMIT 1
      """)
  }

  /// Deletes one permanently, unless others continue it.
  static func remove(_ seq: Int, in db: Database) throws -> Bool {
    try db.run("DELETE FROM interactions WHERE seq = \(seq) AND thread IS NULL") == 1
  }

  /// `externalID` is the id of one that comes from elsewhere.
  static func insert(
    _ details: InteractionDetails, of anchor: RecordID, externalID: String? = nil, _ act: ActContext
  ) throws -> (id: RecordID, seq: Int) {
    let id = RecordID.make(at: act.now)
    let seq = try act.db.value(
      """
      INSERT INTO interactions (id, record_id, type, direction, subject, body, occurred_at, zone, minutes, outcome, thread,
        external_id, logged_by, created_at, updated_at)
      VALUES (\(id), \(anchor), \(details.type), \(details.direction), \(details.subject), \(details.body), \(details.occurredAt),
        \(details.zone), \(details.minutes), \(details.outcome), \(details.thread), \(externalID), \(act.actor.id), \(act.now), \(act.now)) RETURNING seq
      """)
    return (id, seq ?? 0)
  }

  static func update(_ seq: Int, _ details: InteractionDetails, _ act: ActContext) throws {
    try act.db.run(
      """
      UPDATE interactions SET type = \(details.type), direction = \(details.direction), subject = \(details.subject),
        body = \(details.body), occurred_at = \(details.occurredAt), zone = \(details.zone), minutes = \(details.minutes),
        outcome = \(details.outcome), version = version + 1, updated_at = \(act.now)
      WHERE seq = \(seq)
      """)
  }

  /// Takes one out of all feeds, or puts it back; `false` if it is there already.
  static func setDeleted(_ isDeleted: Bool, _ seq: Int, _ act: ActContext) throws -> Bool {
    try act.db.run(
      """
      UPDATE interactions SET deleted_at = \(isDeleted ? act.now : nil), version = version + 1, updated_at = \(act.now)
      WHERE seq = \(seq) AND (deleted_at IS NULL) = \(isDeleted)
      """) == 1
  }

  /// The thread that a new interaction joins by continuing another of the same anchor: the other's own, or one that begins with it.
  static func thread(continuing id: RecordID, of anchor: RecordID, in db: Database) throws -> String? {
    guard let other = try find(id, of: anchor, in: db), !other.isDeleted else { return nil }
    if let thread = other.details.thread { return thread }
    try db.run("UPDATE interactions SET thread = \(id) WHERE seq = \(other.seq)")
    return id.text
  }
}
