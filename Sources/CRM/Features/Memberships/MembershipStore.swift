import Admin
import Base
import Store

/// All SQL over memberships. What lists show of them is mirrored by triggers (`MembershipMigrations`).
enum MembershipStore {
  /// A contact's memberships, the primary one first.
  static func of(contact id: RecordID, in db: Database) throws -> [Membership] {
    try db.all(
      """
      SELECT c.name, m.company_id, m.role, m.department, m.is_primary
      FROM memberships m JOIN companies c ON c.id = m.company_id WHERE m.contact_id = \(id) ORDER BY m.is_primary DESC, m.id
      """
    ) { row in
      Membership(
        companyName: row.text(0), companyID: row.text(1), role: row.text(2), department: row.text(3), isPrimary: row.bool(4))
    }
  }

  /// The company of an id, or of an external id, that isn't in the trash, among those that somebody may see.
  static func company(_ id: String, _ scope: Scope, in db: Database) throws -> (id: String, name: String)? {
    try db.first(
      """
      SELECT id, name FROM companies WHERE (id = \(id.lowercased()) OR external_id = \(id)) AND status <> 'trashed'\(scope.condition(on: "companies"))
      ORDER BY id <> \(id.lowercased())
      """
    ) { (id: $0.text(0), name: $0.text(1)) }
  }

  /// The companies outside the trash with exactly this name, ignoring case and accents, among those that somebody may see; at most two, enough to know
  /// that it is ambiguous.
  static func companies(named name: String, _ scope: Scope, in db: Database) throws -> [(id: String, name: String)] {
    try db.all(
      """
      SELECT id, name FROM companies
      WHERE status IN ('active', 'inactive') AND name_sort = \(TextFolding.fold(name))\(scope.condition(on: "companies")) ORDER BY seq LIMIT 2
      """
    ) { (id: $0.text(0), name: $0.text(1)) }
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

  /// Makes a contact's memberships these, of which the first is the primary one: kept ones are changed in place, others go and come.
  static func replace(of contact: RecordID, with wanted: [Membership], now: Timestamp, in db: Database) throws {
    let kept = SQL.list(wanted.map(\.companyID))
    // The former primary steps back before the new one steps forward: there is never more than one.
    try db.run("DELETE FROM memberships WHERE contact_id = \(contact) AND company_id NOT IN \(kept.values.isEmpty ? "('')" : kept)")
    try db.run(
      """
      UPDATE memberships SET is_primary = 0
      WHERE contact_id = \(contact) AND is_primary = 1 AND company_id <> \(wanted.first?.companyID ?? "")
      """)
    for (index, membership) in wanted.enumerated() {
      try db.run(
        """
        INSERT INTO memberships (id, contact_id, company_id, role, department, is_primary, created_at)
        VALUES (\(RecordID.make(at: now)), \(contact), \(membership.companyID), \(membership.role), \(membership.department),
          \(index == 0), \(now))
        ON CONFLICT (contact_id, company_id) DO UPDATE
          SET role = excluded.role, department = excluded.department, is_primary = excluded.is_primary
        """)
    }
  }
}
