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

  static func favoursLoading(_ rows: Int, in db: Database) throws -> Bool {
    favoursLoading(rows, beside: try db.value("SELECT max(rowid) FROM memberships"))
  }

  static func load(_ run: ImportRun<Prepared>, now: Timestamp, in db: Database) throws { try MembershipLoad.take(run, in: db) }

  struct Writer: RowWriter {
    private let contactID, companyID, stepBack, upsert: Statement

    init(_ db: Database, now: Timestamp) throws {
      contactID = try db.prepared("SELECT id FROM contacts WHERE external_id = ?")
      companyID = try db.prepared("SELECT id FROM companies WHERE external_id = ?")
      stepBack = try db.prepared("UPDATE memberships SET is_primary = 0 WHERE contact_id = ? AND company_id <> ? AND is_primary = 1")
      upsert = try db.prepared(
        """
        INSERT INTO memberships (id, contact_id, company_id, role, is_primary, created_at)
        VALUES (?1, ?2, ?3, coalesce(?4, ''), ?5, ?6)
        ON CONFLICT (contact_id, company_id) DO UPDATE SET role = coalesce(?4, role), is_primary = max(is_primary, excluded.is_primary)
        """)
    }

    func write(_ prepared: Prepared, line: Int) throws {
      try join(
        contact: prepared.contact, company: prepared.company, role: prepared.role, isPrimary: prepared.isPrimary, at: prepared.since,
        line: line)
    }

    /// Joins two records by their external ids; a membership that is there gets the role.
    func join(contact: String, company: String, role: String?, isPrimary: Bool, at: Timestamp, line: Int) throws {
      guard let contactID = try contactID.text(of: contact) else {
        throw ImportProblem(line: line, reason: "there is no contact \(contact)")
      }
      guard let companyID = try companyID.text(of: company) else {
        throw ImportProblem(line: line, reason: "there is no company \(company)")
      }
      if isPrimary {
        stepBack.bind(1, contactID)
        stepBack.bind(2, companyID)
        try stepBack.execute()
      }
      upsert.bind(1, RecordID.make(at: at))
      upsert.bind(2, contactID)
      upsert.bind(3, companyID)
      upsert.bind(4, role)
      upsert.bind(5, isPrimary)
      upsert.bind(6, at)
      try upsert.execute()
    }
  }
}

extension Statement {
  /// The first column of the one row that belongs to a key; `nil` when there is none.
  func text(of key: String) throws -> String? {
    defer { reset() }
    bind(1, key)
    return try step() ? try withRow { $0.text(0) } : nil
  }
}
