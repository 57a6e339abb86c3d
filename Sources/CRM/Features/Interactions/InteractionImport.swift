import Admin
import Base
import Store

extension ImportTarget {
  static let interactions = ImportTarget(name: "interactions", of: .contact, takeBack: InteractionActs.takeBack) { file, importer in
    try InteractionImport(ImportBatch("interactions", of: .contact, file, importer))
  }
}

/// A file of interactions, each with a contact. One of a known id is written over.
struct InteractionImport: ImportJob {
  private let columns: FixedColumns
  private let batch: ImportBatch

  struct Prepared: Sendable {
    let line: Int
    let externalID: String?
    let contact: String
    let details: InteractionDetails
  }

  init(_ batch: ImportBatch) throws {
    self.batch = batch
    columns = try FixedColumns(
      batch.file, for: batch.list, needed: ["id", "contact_id", "kind", "happened_at"],
      known: ["id", "contact_id", "kind", "subject", "body", "happened_at", "duration_min"])
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
    var details = InteractionDetails(occurredAt: try columns.time("happened_at", of: row, or: batch.now), zone: "UTC")
    (details.type, details.subject, details.body, details.minutes) = (kind, subject, body, minutes)
    let id = columns.text("id", of: row)
    return Prepared(line: row.line, externalID: id.isEmpty ? nil : id, contact: columns.text("contact_id", of: row), details: details)
  }

  func favoursLoading(_ rows: Int, in db: Database) throws -> Bool { try batch.favoursLoading(rows, into: "interactions", in: db) }

  func load(_ run: ImportRun<Prepared>, in db: Database) throws {
    let contacts = try ExternalIDs(of: "contacts", in: db)
    try db.withoutIndexes(of: "interactions", keeping: ["interactions_by_external_id"]) {
      let interactions = try InteractionUpsert(db, now: batch.now)
      try run.each { row in
        try run.write(row) { row in
          guard let contact = try contacts.id(of: row.contact) else { throw ImportProblem.noContact(row.line, row.contact) }
          try interactions.write(row.details, of: contact, externalID: row.externalID)
          if db.lastChangeCount == 0 { throw ImportProblem.otherAnchor(row.line) }
          return .created
        }
      }
    }
    run.remark(ImportBatch.loadedAtOnce)
  }

  func write(_ rows: ArraySlice<ImportItem<Prepared>>, of run: ImportRun<Prepared>, in db: Database) throws {
    try batch.write(rows, of: run, in: db) { row, act in
      guard let id = try db.prepared(ExternalIDs.query("contacts")).text(of: row.contact).flatMap({ RecordID($0) }),
        let contact = try RecordType.contact.header(id, .all, db)
      else { throw ImportProblem.noContact(row.line, row.contact) }
      if contact.isTrashed { throw ImportProblem(line: row.line, reason: "“\(contact.name)” is in the trash; restore it first") }
      return try InteractionActs.bring(
        row.details, externalID: row.externalID, overwriting: batch.overwrites, to: contact, line: row.line, act)
    }
  }

  func finish(_ run: ImportRun<Prepared>, in db: Database) throws { try batch.finish(run, in: db) }
}

extension ImportProblem {
  static func otherAnchor(_ line: Int) -> ImportProblem {
    ImportProblem(line: line, reason: "id: this interaction belongs to another record")
  }
}

/// Writes the interactions of a large file, by one compiled statement and without a history of each.
private struct InteractionUpsert {
  private let statement: Statement

  init(_ db: Database, now: Timestamp) throws {
    statement = try db.prepared(
      """
      INSERT INTO interactions (id, record_id, type, direction, subject, body, occurred_at, zone, minutes, external_id, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
      ON CONFLICT (connector, external_id) WHERE external_id IS NOT NULL DO UPDATE SET type = excluded.type, subject = excluded.subject,
        body = excluded.body, occurred_at = excluded.occurred_at, minutes = excluded.minutes, updated_at = excluded.updated_at
        WHERE record_id = excluded.record_id
      """)
    statement.bind(11, now)
  }

  func write(_ details: InteractionDetails, of record: String, externalID: String?) throws {
    statement.bind(1, RecordID.make(at: details.occurredAt))
    statement.bind(2, record)
    statement.bind(3, details.type)
    statement.bind(4, details.direction)
    statement.bind(5, details.subject)
    statement.bind(6, details.body)
    statement.bind(7, details.occurredAt)
    statement.bind(8, details.zone)
    statement.bind(9, details.minutes)
    statement.bind(10, externalID)
    try statement.execute()
  }
}
