import Base
import Store

/// Loads contacts and their primary memberships into a database that has none, in one transaction: rows first, then the indexes over all of them,
/// then what triggers would have kept in step.
struct ContactLoad {
  let db: Database
  let now: Timestamp
  private static let rowsAtOnce = 1_000

  /// Whether the database is as this expects it.
  static func serves(_ db: Database) throws -> Bool {
    try db.value("SELECT NOT EXISTS (SELECT 1 FROM contacts) AND NOT EXISTS (SELECT 1 FROM memberships)") == 1
  }

  private struct Company {
    let id: String
    let name: String
    let nameSort: String
    let nameWords: String
  }

  /// The search index grows beside the rows and the other indexes.
  func take(_ run: ImportRun<ContactImport.Prepared>) throws {
    let search = try FullTextLoad(of: "contact_search", in: db)
    var again: [ImportItem<ContactImport.Prepared>] = []
    try db.withoutIndexes(of: "contacts", keeping: ["contacts_by_external_id"]) {
      let companies = try self.companies()
      let insert = try db.prepared(Self.insertion)
      var words: [FullTextLoad.Row] = []
      try run.each { row in
        do {
          let contact = try row.result.get()
          let company = companies[contact.company]
          if !contact.company.isEmpty, company == nil {
            throw ImportProblem(line: row.line, reason: "there is no company \(contact.company)")
          }
          try self.insert(contact, company, with: insert)
          words.append((db.lastInsertedRowID, [contact.words, company?.nameWords ?? ""]))
          try run.write(row) { _ in }
        } catch let error as StoreError where error.constraint == .unique(["contacts.external_id"]) {
          again.append(row)
        } catch {
          try run.write(row) { _ in throw error }
        }
        if words.count == Self.rowsAtOnce {
          search.add(words)
          words.removeAll(keepingCapacity: true)
        }
      }
      search.add(words)
      search.close()
    }
    try RecordType.contact.addRecords(in: db)
    try db.withoutIndexes(of: "memberships") { try joinPrimaryCompanies() }
    for derivation in [DerivedData.counts(of: "contacts"), .liveContacts] { try db.script(derivation.repair) }
    try search.finish()
    // Rows that the file has twice change what their first brought.
    let writer = try ContactImport.Writer(db, now: now)
    for row in again { try run.write(row) { try writer.write($0, line: row.line) } }
  }

  private func companies() throws -> [String: Company] {
    var companies: [String: Company] = [:]
    try db.each("SELECT external_id, id, name, name_sort, name_words FROM companies WHERE external_id IS NOT NULL") { row in
      companies[row.text(0)] = Company(id: row.text(1), name: row.text(2), nameSort: row.text(3), nameWords: row.text(4))
    }
    return companies
  }

  private static let insertion = """
    INSERT INTO contacts (id, name, name_sort, words, status, channels, job_title, city, country, source, notes, external_id, created_at,
      updated_at, city_sort, company_id, company_name, company_sort, company_words)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private func insert(_ contact: ContactImport.Prepared, _ company: Company?, with statement: Statement) throws {
    contact.bind(to: statement)
    statement.bind(16, company?.id)
    statement.bind(17, company?.name ?? "")
    statement.bind(18, company?.nameSort ?? "")
    statement.bind(19, company?.nameWords ?? "")
    try statement.execute()
  }

  private func joinPrimaryCompanies() throws {
    let insert = try db.prepared(
      "INSERT INTO memberships (id, contact_id, company_id, is_primary, created_at) VALUES (?, ?, ?, 1, ?)")
    try db.each("SELECT id, company_id, created_at FROM contacts WHERE company_id IS NOT NULL") { row in
      let created = row.timestamp(2)
      insert.bind(1, RecordID.make(at: created))
      insert.bind(2, row.text(0))
      insert.bind(3, row.text(1))
      insert.bind(4, created)
      try insert.execute()
    }
  }
}
