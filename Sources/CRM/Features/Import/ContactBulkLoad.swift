import Base
import Store

/// Loads contacts and their primary memberships into a database that has none, in one transaction: rows first, then the indexes over all of them,
/// then what triggers would have kept in step.
struct ContactBulkLoad {
  let db: Database
  let now: Timestamp

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

  /// Reports every row when it is done with, with its problem if it had one.
  func run(
    _ rows: ReadAhead<ImportItem<ContactImport.Prepared>>, _ report: (ImportItem<ContactImport.Prepared>, ImportProblem?) -> Void
  ) throws {
    var again: [ImportItem<ContactImport.Prepared>] = []
    try db.withoutIndexes(of: "contacts") {
      let companies = try self.companies()
      let insert = try db.prepared(Self.insertion)
      var seen: Set<String> = []
      while let batch = rows.next() {
        for item in batch {
          do {
            let contact = try item.result.get()
            guard seen.insert(contact.externalID).inserted else {
              again.append(item)
              continue
            }
            if !contact.company.isEmpty, companies[contact.company] == nil {
              throw ImportProblem(line: item.line, reason: "there is no company \(contact.company)")
            }
            try self.insert(contact, companies[contact.company], with: insert)
            report(item, nil)
          } catch {
            report(item, try ImportProblem(error, line: item.line))
          }
        }
      }
    }
    try db.withoutIndexes(of: "memberships") { try joinPrimaryCompanies() }
    for derivation in [Derivation.counts(of: "contacts"), .liveContacts] { try db.script(derivation.repair) }
    try db.run("INSERT INTO contact_search (contact_search) VALUES ('rebuild')")
    // Rows that the file has twice change what their first brought.
    for item in again {
      do {
        try db.savepoint { try ContactImport.write(try item.result.get(), line: item.line, now: now, in: db) }
        report(item, nil)
      } catch {
        report(item, try ImportProblem(error, line: item.line))
      }
    }
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
      updated_at, company_id, company_name, company_sort, company_words)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private func insert(_ contact: ContactImport.Prepared, _ company: Company?, with statement: Statement) throws {
    let details = contact.details
    let texts = [
      contact.id, details.name, contact.nameSort, contact.words, details.status, contact.channels, details.jobTitle, details.address.city,
      details.address.country, details.source, contact.notes, contact.externalID, contact.created.text, contact.updated.text,
    ]
    for (index, text) in texts.enumerated() { statement.bind(index + 1, text) }
    statement.bind(15, company?.id)
    statement.bind(16, company?.name ?? "")
    statement.bind(17, company?.nameSort ?? "")
    statement.bind(18, company?.nameWords ?? "")
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
