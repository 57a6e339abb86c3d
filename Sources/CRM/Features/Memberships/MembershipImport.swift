import Admin
import Base
import Store

extension ImportTarget {
  static let memberships = ImportTarget(name: "memberships", of: .contact) { file, importer in
    try MembershipImport(ImportBatch("memberships", of: .contact, file, importer))
  }
}

/// A file of memberships: which contact belongs to which company, by their ids. Each row changes a contact; what it doesn't carry stays.
struct MembershipImport: ImportJob {
  private let columns: FixedColumns
  private let batch: ImportBatch

  struct Prepared: Sendable {
    let line: Int
    let contact: String
    let company: String
    let role: String?
    let isPrimary: Bool
    let since: Timestamp
    let hasSince: Bool
  }

  init(_ batch: ImportBatch) throws {
    self.batch = batch
    columns = try FixedColumns(
      batch.file, for: batch.list, needed: ["contact_id", "company_id"],
      known: ["id", "contact_id", "company_id", "role", "since", "is_primary"])
  }

  var unused: [String] { columns.unused }

  func prepare(_ row: CSVRow, isLoading: Bool) throws(ImportProblem) -> Prepared {
    let role = try columns.value("role", LineField(), of: row).text
    return Prepared(
      line: row.line, contact: columns.text("contact_id", of: row), company: columns.text("company_id", of: row),
      role: columns.has("role") ? role : nil, isPrimary: !(try columns.value("is_primary", FlagField(), of: row).isEmpty),
      since: try columns.time("since", of: row, or: batch.now), hasSince: !columns.text("since", of: row).isEmpty)
  }

  func favoursLoading(_ rows: Int, in db: Database) throws -> Bool { try batch.favoursLoading(rows, into: "memberships", in: db) }

  func load(_ run: ImportRun<Prepared>, in db: Database) throws { try MembershipFileLoad.all(of: run, in: db) }

  func write(_ rows: ArraySlice<ImportItem<Prepared>>, of run: ImportRun<Prepared>, in db: Database) throws {
    try batch.write(rows, of: run, in: db) { row, act in
      let changes = RecordChanges(.contact, batch, act) { $0 == "companies" ? "company_id" : $0 }
      guard let id = try db.prepared(ExternalIDs.query("contacts")).text(of: row.contact).flatMap({ RecordID($0) }),
        let contact = try RecordType.contact.record(id, in: db)
      else { throw ImportProblem.noContact(row.line, row.contact) }
      guard let company = try MembershipStore.company(row.company, act.principal.scope(of: .companies), in: db) else {
        throw ImportProblem(line: row.line, reason: "there is no company \(row.company)")
      }
      var memberships = Membership.list(contact["companies"])
      let isNew = !memberships.contains { $0.companyID == company.id }
      if isNew { memberships.append(Membership(companyName: company.name, companyID: company.id)) }
      for index in memberships.indices where memberships[index].companyID == company.id {
        if let role = row.role { memberships[index].role = role }
        if row.isPrimary {
          for other in memberships.indices { memberships[other].isPrimary = other == index }
        }
      }
      let written = try changes.save("companies", as: Membership.value(Membership.ordered(memberships)), of: contact, line: row.line)
      if isNew, row.hasSince {
        try db.run("UPDATE memberships SET created_at = \(row.since) WHERE contact_id = \(contact.id) AND company_id = \(company.id)")
      }
      return isNew ? .created : written
    }
  }

  func finish(_ run: ImportRun<Prepared>, in db: Database) throws { try batch.finish(run, in: db) }
}

extension ImportProblem {
  static func noContact(_ line: Int, _ id: String) -> ImportProblem { ImportProblem(line: line, reason: "there is no contact \(id)") }
}
