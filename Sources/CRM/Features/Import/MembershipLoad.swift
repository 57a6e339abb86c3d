import Base
import Store

/// Brings memberships in at once: without triggers, and setting right itself what those would have.
enum MembershipLoad {
  static func take(_ run: ImportRun<MembershipImport.Prepared>, in db: Database) throws {
    var newcomers: [String: Int] = [:]
    try db.withoutIndexes(of: "memberships", keeping: ["one_membership_per_company"]) {
      let contact = try db.prepared("SELECT id, company_id, status <> 'trashed' FROM contacts WHERE external_id = ?")
      let company = try db.prepared("SELECT id FROM companies WHERE external_id = ?")
      let present = try db.prepared("SELECT rowid FROM memberships WHERE contact_id = ? AND company_id = ?")
      let insert = try db.prepared(
        "INSERT INTO memberships (id, contact_id, company_id, role, is_primary, created_at) VALUES (?, ?, ?, ?, ?, ?)")
      let update = try db.prepared("UPDATE memberships SET role = ?, is_primary = max(is_primary, ?) WHERE rowid = ?")
      let stepBack = try db.prepared(
        "UPDATE memberships SET is_primary = 0 WHERE contact_id = ? AND company_id <> ? AND is_primary = 1")
      let mirror = try db.prepared(
        """
        UPDATE contacts SET (company_id, company_name, company_sort, company_words) =
          (SELECT id, name, name_sort, name_words FROM companies WHERE id = ?2) WHERE id = ?1
        """)
      try run.each { row in
        try run.write(row) { membership in
          let member = try contact.first(membership.contact) { (id: $0.text(0), company: $0.textOrNil(1), isLive: $0.bool(2)) }
          guard let member else { throw ImportProblem(line: row.line, reason: "there is no contact \(membership.contact)") }
          guard let companyID = try company.text(of: membership.company) else {
            throw ImportProblem(line: row.line, reason: "there is no company \(membership.company)")
          }
          if membership.isPrimary {
            if let former = member.company, former != companyID { try stepBack.execute(member.id, companyID) }
            if member.company != companyID { try mirror.execute(member.id, companyID) }
          }
          if let known = try present.first(member.id, companyID, map: { $0.int(0) }) {
            update.bind(1, membership.role)
            update.bind(2, membership.isPrimary)
            update.bind(3, known)
            try update.execute()
          } else {
            insert.bind(1, RecordID.make(at: membership.since))
            insert.bind(2, member.id)
            insert.bind(3, companyID)
            insert.bind(4, membership.role)
            insert.bind(5, membership.isPrimary)
            insert.bind(6, membership.since)
            try insert.execute()
            if member.isLive { newcomers[companyID, default: 0] += 1 }
          }
        }
      }
    }
    let count = try db.prepared("UPDATE companies SET live_contacts = live_contacts + ? WHERE id = ?")
    for (company, n) in newcomers {
      count.bind(1, n)
      count.bind(2, company)
      try count.execute()
    }
  }
}

extension Statement {
  /// Runs to the end with these texts.
  func execute(_ texts: String...) throws {
    for (index, text) in texts.enumerated() { bind(index + 1, text) }
    try execute()
  }

  /// The one row that these texts lead to; `nil` when there is none.
  func first<T>(_ texts: String..., map: (borrowing Row) throws -> T) throws -> T? {
    defer { reset() }
    for (index, text) in texts.enumerated() { bind(index + 1, text) }
    return try step() ? try withRow(map) : nil
  }
}
