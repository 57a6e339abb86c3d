import Admin
import Base
import Store

/// Writes the memberships of a large file at once: without triggers, setting right itself what those would have, and without a history of each.
final class MembershipFileLoad {
  private let contactID, companyID, stepBack, upsert, mirror: Statement

  static func all(of run: ImportRun<MembershipImport.Prepared>, in db: Database) throws {
    try db.withoutIndexes(of: "memberships", keeping: ["one_membership_per_company"]) {
      let load = try MembershipFileLoad(db)
      try run.each { row in try run.write(row, load.write) }
    }
    try db.script(DerivedData.liveContacts.repair)
    run.remark(ImportBatch.loadedAtOnce)
  }

  private init(_ db: Database) throws {
    contactID = try db.prepared(ExternalIDs.query("contacts", reading: "id, coalesce(company_id, '')"))
    companyID = try db.prepared(ExternalIDs.query("companies"))
    stepBack = try db.prepared("UPDATE memberships SET is_primary = 0 WHERE contact_id = ? AND company_id <> ? AND is_primary = 1")
    upsert = try db.prepared(
      """
      INSERT INTO memberships (id, contact_id, company_id, role, is_primary, created_at)
      VALUES (?1, ?2, ?3, coalesce(?4, ''), ?5, ?6)
      ON CONFLICT (contact_id, company_id) DO UPDATE SET role = coalesce(?4, role), is_primary = max(is_primary, excluded.is_primary)
      """)
    mirror = try db.prepared(
      """
      UPDATE contacts SET (company_id, company_name, company_sort, company_words) =
        (SELECT id, name, name_sort, name_words FROM companies WHERE id = ?2) WHERE id = ?1 AND company_id IS NOT ?2
      """)
  }

  /// A membership that is there gets the role.
  private func write(_ row: MembershipImport.Prepared) throws -> Written {
    guard let (contact, primary) = try contactID.row(of: row.contact, { ($0.text(0), $0.text(1)) }) else {
      throw ImportProblem.noContact(row.line, row.contact)
    }
    guard let company = try companyID.text(of: row.company) else {
      throw ImportProblem(line: row.line, reason: "there is no company \(row.company)")
    }
    let changesPrimary = row.isPrimary && primary != company
    if changesPrimary { try stepBack.execute(contact, company) }
    upsert.bind(1, RecordID.make(at: row.since))
    upsert.bind(2, contact)
    upsert.bind(3, company)
    upsert.bind(4, row.role)
    upsert.bind(5, row.isPrimary)
    upsert.bind(6, row.since)
    try upsert.execute()
    if changesPrimary { try mirror.execute(contact, company) }
    return .created
  }
}
