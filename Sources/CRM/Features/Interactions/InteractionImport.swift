import Admin
import Base
import Store

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

/// Writes interactions that come from elsewhere, by one compiled statement; one of a known external id is written over. They have no history of
/// their own: it is that of where they come from.
private struct InteractionUpsert {
  private let statement: Statement

  init(_ db: Database, now: Timestamp) throws {
    statement = try db.prepared(
      """
      INSERT INTO interactions (id, record_id, type, direction, subject, body, occurred_at, zone, minutes, connector, external_id,
        created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
      ON CONFLICT (connector, external_id) WHERE external_id IS NOT NULL DO UPDATE SET type = excluded.type, subject = excluded.subject,
        body = excluded.body, occurred_at = excluded.occurred_at, minutes = excluded.minutes, updated_at = excluded.updated_at
      """)
    statement.bind(12, now)
  }

  func write(_ details: InteractionDetails, of record: String, connector: String = "", externalID: String?) throws {
    statement.bind(1, RecordID.make(at: details.occurredAt))
    statement.bind(2, record)
    statement.bind(3, details.type)
    statement.bind(4, details.direction)
    statement.bind(5, details.subject)
    statement.bind(6, details.body)
    statement.bind(7, details.occurredAt)
    statement.bind(8, details.zone)
    statement.bind(9, details.minutes)
    statement.bind(10, connector)
    statement.bind(11, externalID)
    try statement.execute()
  }
}
