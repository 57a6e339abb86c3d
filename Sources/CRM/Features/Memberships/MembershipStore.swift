import Base
import Store

/// All SQL over memberships. What lists show of them is mirrored by triggers (`MembershipMigrations`).
enum MembershipStore {
  static func of(contact id: RecordID, in db: Database) throws -> [Membership] {
    try db.all(
      """
      SELECT m.id, m.contact_id, m.company_id, c.name, m.role, m.department, m.is_primary
      FROM memberships m JOIN companies c ON c.id = m.company_id WHERE m.contact_id = \(id) ORDER BY m.is_primary DESC, m.id
      """,
      { row in
        Membership(
          id: row.recordID(0), contactID: row.recordID(1), companyID: row.recordID(2), companyName: row.text(3), role: row.text(4),
          department: row.text(5), isPrimary: row.bool(6))
      })
  }

  /// A live member of a company, as its page lists them.
  struct Member: Sendable {
    let contactID: String
    let name: String
    let email: String
    let role: String
    let department: String
    let isPrimary: Bool
  }

  /// A company's live members by name, from one name on; trashed contacts are not shown.
  static func members(of company: RecordID, _ scope: Scope, after: ListCursor?, limit: Int, in db: Database) throws -> [(
    ListCursor, Member
  )] {
    let past: SQL = if let after { " AND (c.name_sort, c.seq) > (\(after.value), \(after.seq))" } else { "" }
    return try db.all(
      """
      SELECT c.name_sort, c.seq, c.id, c.name, c.email, m.role, m.department, m.is_primary
      FROM memberships m JOIN contacts c ON c.id = m.contact_id
      WHERE m.company_id = \(company) AND c.status <> 'trashed'\(scope.condition(on: "c"))\(past) ORDER BY c.name_sort, c.seq LIMIT \(limit)
      """
    ) { row in
      (
        ListCursor(value: row.text(0), seq: row.int(1)),
        Member(
          contactID: row.text(2), name: row.text(3), email: row.text(4), role: row.text(5), department: row.text(6), isPrimary: row.bool(7))
      )
    }
  }

  /// Makes a contact's memberships what the form says: kept ones are changed in place, others go and come.
  static func replace(of contact: RecordID, with wanted: [(company: RecordID, draft: MembershipDraft)], now: Timestamp, in db: Database)
    throws
  {
    let present = try of(contact: contact, in: db)
    let primary = wanted.firstIndex { $0.draft.isPrimary } ?? 0
    for membership in present where !wanted.contains(where: { $0.company == membership.companyID }) {
      try db.run("DELETE FROM memberships WHERE id = \(membership.id)")
    }
    // The former primary steps back before the new one steps forward: there is never more than one.
    for (index, place) in wanted.enumerated() where index != primary {
      try db.run("UPDATE memberships SET is_primary = 0 WHERE contact_id = \(contact) AND company_id = \(place.company) AND is_primary = 1")
    }
    for (index, place) in wanted.enumerated() {
      try db.run(
        """
        INSERT INTO memberships (id, contact_id, company_id, role, department, is_primary, created_at)
        VALUES (\(RecordID.make(at: now)), \(contact), \(place.company), \(place.draft.role), \(place.draft.department),
          \(index == primary), \(now))
        ON CONFLICT (contact_id, company_id) DO UPDATE
          SET role = excluded.role, department = excluded.department, is_primary = excluded.is_primary
        """)
    }
  }
}
