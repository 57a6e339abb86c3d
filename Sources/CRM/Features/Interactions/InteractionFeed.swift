import Base
import Store

/// What happened with a record, newest first: its own interactions; those of others in which it took part; and for a company those of its
/// people. Whatever belongs to something in the trash, or out of the visitor's reach, is left out.
struct InteractionFeed {
  let kind: RecordType
  let id: RecordID
  var part = Part.all
  /// Only one thread.
  var thread: String?
  let contacts: Scope
  let companies: Scope

  /// Which part of a company's feed is wanted.
  enum Part: String, CaseIterable {
    case all
    /// What concerns the company itself.
    case company
    /// What its people had.
    case people
  }

  struct Line: Sendable {
    let interaction: Interaction
    /// The record that it belongs to.
    let anchor: Anchor
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
    let sources = sources(past: cursor.map { " AND (i.occurred_at, i.seq) < (\($0.value), \($0.seq))" } ?? "", limit)
    return try db.all(
      """
      SELECT i.seq, i.id, i.type, i.direction, i.subject, i.body, i.occurred_at, i.zone, i.minutes, i.outcome, i.thread, i.version,
        coalesce(u.name, ''), i.contact_id, coalesce(i.contact_id, i.company_id), coalesce(c.name, o.name),
        CASE WHEN i.thread IS NULL THEN 0 ELSE (SELECT count(*) FROM interactions WHERE thread = i.thread AND deleted_at IS NULL) END
      FROM (SELECT seq FROM (\(SQL(joining: sources, separator: " UNION "))) ORDER BY occurred_at DESC, seq DESC LIMIT \(limit)) f
        JOIN interactions i ON i.seq = f.seq LEFT JOIN users u ON u.id = i.logged_by
        LEFT JOIN contacts c ON c.id = i.contact_id LEFT JOIN companies o ON o.id = i.company_id
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
      return Line(
        interaction: interaction, anchor: Anchor(kind: row.isNull(13) ? .company : .contact, id: row.text(14), name: row.text(15)),
        threadSize: row.int(16), cursor: ListCursor(value: row.text(6), seq: row.int(0)))
    }
  }

  /// Queries for the numbers and times of the newest of each source. Each walks an index and stops after `limit`, however much there is.
  private func sources(past: SQL, _ limit: Int) -> [SQL] {
    let live: SQL = thread.map { " AND i.deleted_at IS NULL AND i.thread = \($0)\(past)" } ?? " AND i.deleted_at IS NULL\(past)"
    let newest: SQL = " ORDER BY i.occurred_at DESC, i.seq DESC LIMIT \(limit)"
    let column = kind.anchorColumn
    let own: SQL =
      "SELECT * FROM (SELECT i.seq, i.occurred_at FROM interactions i WHERE i.\(raw: column) = \(id)\(live)\(newest))"
    let shared: SQL = """
      SELECT * FROM (SELECT i.seq, i.occurred_at FROM interaction_parties p JOIN interactions i ON i.seq = p.interaction
        WHERE p.\(raw: column) = \(id) AND i.\(raw: column) IS NOT \(id)\(live)\(isReachable)\(newest))
      """
    guard kind.name == RecordType.company.name else { return [own, shared] }
    // For each person the newest few, by their index: never all that a large company's people ever had.
    let people: SQL = """
      SELECT i.seq, i.occurred_at FROM memberships m
        JOIN contacts c ON c.id = m.contact_id AND c.status <> 'trashed'\(contacts.condition(on: "c"))
        JOIN interactions i ON i.seq IN (SELECT i.seq FROM interactions i WHERE i.contact_id = m.contact_id\(live)\(newest))
        WHERE m.company_id = \(id)
      """
    switch part {
    case .all: return [own, shared, people]
    case .company: return [own, shared]
    case .people: return [people]
    }
  }

  private var isReachable: SQL {
    """
     AND (i.contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts a WHERE a.id = i.contact_id AND a.status <> 'trashed'\
    \(contacts.condition(on: "a"))))
     AND (i.company_id IS NULL OR EXISTS (SELECT 1 FROM companies a WHERE a.id = i.company_id AND a.status <> 'trashed'\
    \(companies.condition(on: "a"))))
    """
  }
}
