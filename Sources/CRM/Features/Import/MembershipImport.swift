import Base
import Store

/// A row of a file of memberships.
enum MembershipImport: ImportTarget {
  static let neededColumns = ["contact_id", "company_id"]
  static let knownColumns = ["id", "contact_id", "company_id", "role", "since", "is_primary"]

  struct Prepared: Sendable {
    let contact: String
    let company: String
    let role: String
    let isPrimary: Bool
    let since: Timestamp
  }

  static func prepare(_ row: ImportRow, now: Timestamp) throws(ImportProblem) -> Prepared {
    Prepared(
      contact: row["contact_id"], company: row["company_id"], role: row["role"], isPrimary: row["is_primary"] == "1",
      since: try row.time("since", or: now))
  }

  static func write(_ prepared: Prepared, line: Int, now: Timestamp, in db: Database) throws {
    try join(
      contact: prepared.contact, company: prepared.company, role: prepared.role, isPrimary: prepared.isPrimary, at: prepared.since,
      line: line, in: db)
  }

  /// Joins two records by their external ids; a membership that is there gets the role.
  static func join(
    contact: String, company: String, role: String?, isPrimary: Bool, at: Timestamp, line: Int, in db: Database
  ) throws {
    guard let contactID = try db.text("SELECT id FROM contacts WHERE external_id = \(contact)") else {
      throw ImportProblem(line: line, reason: "there is no contact \(contact)")
    }
    guard let companyID = try db.text("SELECT id FROM companies WHERE external_id = \(company)") else {
      throw ImportProblem(line: line, reason: "there is no company \(company)")
    }
    if isPrimary {
      try db.run("UPDATE memberships SET is_primary = 0 WHERE contact_id = \(contactID) AND company_id <> \(companyID) AND is_primary = 1")
    }
    try db.run(
      """
      INSERT INTO memberships (id, contact_id, company_id, role, is_primary, created_at)
      VALUES (\(RecordID.make(at: at)), \(contactID), \(companyID), \(role ?? ""), \(isPrimary), \(at))
      ON CONFLICT (contact_id, company_id) DO UPDATE SET role = coalesce(\(role), role), is_primary = max(is_primary, excluded.is_primary)
      """)
  }
}
