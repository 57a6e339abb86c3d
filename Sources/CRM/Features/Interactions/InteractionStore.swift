import Base
import Store

/// All SQL over interactions.
enum InteractionStore {
  struct Line: Sendable {
    let type: String
    let subject: String
    let body: String
    let occurredAt: String
    let minutes: Int?
    let contact: (id: String, name: String)?
    let cursor: ListCursor
  }

  /// Writes one with a contact; one of a known external id is written over.
  static func insert(
    contact: RecordID, type: String, direction: String, subject: String, body: String, at: Timestamp, minutes: Int?, externalID: String?,
    now: Timestamp, in db: Database
  ) throws {
    try db.run(
      """
      INSERT INTO interactions (id, contact_id, type, direction, subject, body, occurred_at, minutes, external_id, created_at, updated_at)
      VALUES (\(RecordID.make(at: at)), \(contact), \(type), \(direction), \(subject), \(body), \(at), \(minutes), \(externalID), \(now), \(now))
      ON CONFLICT (external_id) WHERE external_id IS NOT NULL DO UPDATE SET type = excluded.type, subject = excluded.subject,
        body = excluded.body, occurred_at = excluded.occurred_at, minutes = excluded.minutes, updated_at = \(now)
      """)
  }

  /// What happened with a contact, or with a company and its members, newest first.
  static func lines(of kind: RecordKind, _ id: RecordID, after cursor: ListCursor?, limit: Int, in db: Database) throws -> [Line] {
    let columns = "i.seq, i.type, i.subject, i.body, i.occurred_at, i.minutes, i.contact_id"
    let past: SQL = cursor.map { " AND (i.occurred_at, i.seq) < (\($0.value), \($0.seq))" } ?? ""
    let newest: SQL = " ORDER BY 5 DESC, 1 DESC LIMIT \(limit)"
    let found: SQL =
      kind.name == "company"
      ? """
      SELECT \(raw: columns) FROM interactions i WHERE i.company_id = \(id)\(past)
      UNION ALL
      SELECT \(raw: columns) FROM memberships m CROSS JOIN interactions i ON i.contact_id = m.contact_id
        JOIN contacts ON contacts.id = m.contact_id AND contacts.status <> 'trashed'
        WHERE m.company_id = \(id)\(past)\(newest)
      """
      : "SELECT \(raw: columns) FROM interactions i WHERE i.contact_id = \(id)\(past)\(newest)"
    return try db.all(
      "SELECT f.*, contacts.name FROM (\(found)) f LEFT JOIN contacts ON contacts.id = f.contact_id ORDER BY 5 DESC, 1 DESC"
    ) { row in
      Line(
        type: row.text(1), subject: row.text(2), body: row.text(3), occurredAt: row.text(4), minutes: row.intOrNil(5),
        contact: row.textOrNil(6).map { (id: $0, name: row.text(7)) }, cursor: ListCursor(value: row.text(4), seq: row.int(0)))
    }
  }
}
