import Admin
import Base
import Store

extension ImportTarget {
  static let memberships = ImportTarget(name: "memberships") { file, importer in try MembershipImport(file, now: importer.clock.now()) }
}

/// A file of memberships: which contact belongs to which company, by their ids. What it doesn't carry stays.
struct MembershipImport: ImportJob {
  private let columns: FixedColumns
  private let now: Timestamp

  struct Prepared: Sendable {
    let line: Int
    let contact: String
    let company: String
    let role: String?
    let isPrimary: Bool
    let since: Timestamp
  }

  init(_ file: ImportFile, now: Timestamp) throws {
    columns = try FixedColumns(
      file, for: "memberships", needed: ["contact_id", "company_id"],
      known: ["id", "contact_id", "company_id", "role", "since", "is_primary"])
    self.now = now
  }

  var unused: [String] { columns.unused }

  func prepare(_ row: CSVRow, isLoading: Bool) throws(ImportProblem) -> Prepared {
    let role = try columns.value("role", LineField(), of: row).text
    return Prepared(
      line: row.line, contact: columns.text("contact_id", of: row), company: columns.text("company_id", of: row),
      role: columns.has("role") ? role : nil, isPrimary: !(try columns.value("is_primary", FlagField(), of: row).isEmpty),
      since: try columns.time("since", of: row, or: now))
  }

  func favoursLoading(_ rows: Int, in db: Database) throws -> Bool {
    Self.favoursLoading(rows, beside: try db.mostRows(of: "memberships"))
  }

  func write(_ rows: ArraySlice<ImportItem<Prepared>>, of run: ImportRun<Prepared>, in db: Database) throws {
    let writer = try Writer(db)
    for row in rows { try run.write(row) { row in try db.savepoint { try writer.write(row) } } }
  }

  /// Without triggers, and setting right itself what those would have.
  func load(_ run: ImportRun<Prepared>, in db: Database) throws {
    try db.withoutIndexes(of: "memberships", keeping: ["one_membership_per_company"]) {
      let writer = try Writer(db)
      let mirror = try db.prepared(
        """
        UPDATE contacts SET (company_id, company_name, company_sort, company_words) =
          (SELECT id, name, name_sort, name_words FROM companies WHERE id = ?2) WHERE id = ?1 AND company_id IS NOT ?2
        """)
      try run.each { row in
        try run.write(row) { row in
          let written = try writer.write(row)
          if writer.changesPrimary { try mirror.execute(writer.contact, writer.company) }
          return written
        }
      }
    }
    try db.script(DerivedData.liveContacts.repair)
  }

  private final class Writer {
    private let contactID, companyID, stepBack, upsert: Statement
    private(set) var contact = ""
    private(set) var company = ""
    /// Whether the contact had another primary company, or none.
    private(set) var changesPrimary = false

    init(_ db: Database) throws {
      contactID = try db.prepared(ExternalIDs.query("contacts", reading: "id, coalesce(company_id, '')"))
      companyID = try db.prepared(ExternalIDs.query("companies"))
      stepBack = try db.prepared("UPDATE memberships SET is_primary = 0 WHERE contact_id = ? AND company_id <> ? AND is_primary = 1")
      upsert = try db.prepared(
        """
        INSERT INTO memberships (id, contact_id, company_id, role, is_primary, created_at)
        VALUES (?1, ?2, ?3, coalesce(?4, ''), ?5, ?6)
        ON CONFLICT (contact_id, company_id) DO UPDATE SET role = coalesce(?4, role), is_primary = max(is_primary, excluded.is_primary)
        """)
    }

    /// A membership that is there gets the role.
    func write(_ row: Prepared) throws -> Written {
      guard let (contact, primary) = try contactID.row(of: row.contact, { ($0.text(0), $0.text(1)) }) else {
        throw ImportProblem(line: row.line, reason: "there is no contact \(row.contact)")
      }
      guard let company = try companyID.text(of: row.company) else {
        throw ImportProblem(line: row.line, reason: "there is no company \(row.company)")
      }
      (self.contact, self.company, changesPrimary) = (contact, company, row.isPrimary && primary != company)
      if changesPrimary { try stepBack.execute(contact, company) }
      upsert.bind(1, RecordID.make(at: row.since))
      upsert.bind(2, contact)
      upsert.bind(3, company)
      upsert.bind(4, row.role)
      upsert.bind(5, row.isPrimary)
      upsert.bind(6, row.since)
      try upsert.execute()
      return .created
    }
  }
}
