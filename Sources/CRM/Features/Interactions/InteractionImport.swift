import Base
import Store

extension Importer.Kind {
  package static let interactions = Importer.Kind(rawValue: "interactions")
}

extension ImportTarget {
  static let interactions = ImportTarget(name: "interactions") { file, importer in try InteractionImport(file, now: importer.clock.now()) }
}

/// A file of interactions, each with a contact.
struct InteractionImport: ImportJob {
  private let columns: FixedColumns
  private let now: Timestamp

  struct Prepared: Sendable {
    let line: Int
    let externalID: String
    let contact: String
    let details: InteractionDetails
  }

  init(_ file: ImportFile, now: Timestamp) throws {
    columns = try FixedColumns(
      file, for: "interactions", needed: ["id", "contact_id", "kind", "happened_at"],
      known: ["id", "contact_id", "kind", "subject", "body", "happened_at", "duration_min"])
    self.now = now
  }

  var unused: [String] { columns.unused }

  func prepare(_ row: CSVRow, isLoading: Bool) throws(ImportProblem) -> Prepared {
    let kind = columns.text("kind", of: row).lowercased()
    guard Interaction.types.contains(kind) else {
      throw ImportProblem(line: row.line, reason: "kind: “\(kind)” is none of \(Interaction.types.joined(separator: ", "))")
    }
    let subject = try columns.value("subject", LineField(limit: Interaction.longestSubject), of: row).text
    let body = try columns.value("body", TextField(limit: Interaction.longestBody), of: row).text
    let duration = columns.text("duration_min", of: row)
    let minutes = Int(duration)
    guard duration.isEmpty || (minutes ?? -1) >= 0 else {
      throw ImportProblem(line: row.line, reason: "duration_min: “\(duration)” is no number of minutes")
    }
    guard !columns.text("happened_at", of: row).isEmpty else { throw ImportProblem(line: row.line, reason: "happened_at: empty") }
    var details = InteractionDetails(occurredAt: try columns.time("happened_at", of: row, or: now), zone: "UTC")
    (details.type, details.subject, details.body, details.minutes) = (kind, subject, body, minutes)
    return Prepared(line: row.line, externalID: columns.text("id", of: row), contact: columns.text("contact_id", of: row), details: details)
  }

  func favoursLoading(_ rows: Int, in db: Database) throws -> Bool {
    Self.favoursLoading(rows, beside: try db.value("SELECT max(seq) FROM interactions"))
  }

  func load(_ run: ImportRun<Prepared>, in db: Database) throws {
    let contacts = try ExternalIDs(of: "contacts", in: db)
    try db.withoutIndexes(of: "interactions", keeping: ["interactions_by_external_id"]) {
      let interactions = try InteractionUpsert(db, now: now)
      try run.each { row in try run.write(row) { try write($0, interactions) { try contacts.id(of: $0) } } }
    }
  }

  func write(_ rows: ArraySlice<ImportItem<Prepared>>, of run: ImportRun<Prepared>, in db: Database) throws {
    let contact = try db.prepared(ExternalIDs.query("contacts"))
    let interactions = try InteractionUpsert(db, now: now)
    for row in rows { try run.write(row) { try write($0, interactions) { try contact.text(of: $0) } } }
  }

  private func write(_ row: Prepared, _ interactions: InteractionUpsert, contact: (String) throws -> String?) throws -> Written {
    guard let contact = try contact(row.contact) else {
      throw ImportProblem(line: row.line, reason: "there is no contact \(row.contact)")
    }
    try interactions.write(row.details, of: contact, externalID: row.externalID.isEmpty ? nil : row.externalID)
    return .created
  }
}
