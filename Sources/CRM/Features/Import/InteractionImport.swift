import Base
import Store

/// A row of a file of interactions, each with a contact.
enum InteractionImport: ImportTarget {
  static let neededColumns = ["id", "contact_id", "kind", "happened_at"]
  static let knownColumns = ["id", "contact_id", "kind", "subject", "body", "happened_at", "duration_min"]

  struct Prepared: Sendable {
    let externalID: String
    let contact: String
    let details: InteractionDetails
  }

  static func prepare(_ row: ImportRow, now: Timestamp) throws(ImportProblem) -> Prepared {
    let kind = row["kind"]
    guard Interaction.types.contains(kind) else {
      throw ImportProblem(line: row.line, reason: "kind: “\(kind)” is none of \(Interaction.types.joined(separator: ", "))")
    }
    let subject = row["subject"]
    guard subject.unicodeScalars.count <= Interaction.longestSubject else {
      throw ImportProblem(line: row.line, reason: "subject: \(Interaction.longestSubject) characters at most")
    }
    let body = row["body"]
    guard body.utf8.count <= Interaction.longestBody else {
      throw ImportProblem(line: row.line, reason: "body: \(Interaction.longestBody) bytes at most")
    }
    let duration = row["duration_min"]
    let minutes = Int(duration)
    guard duration.isEmpty || (minutes ?? -1) >= 0 else {
      throw ImportProblem(line: row.line, reason: "duration_min: “\(duration)” is no number of minutes")
    }
    guard !row["happened_at"].isEmpty else { throw ImportProblem(line: row.line, reason: "happened_at: empty") }
    var details = InteractionDetails(occurredAt: try row.time("happened_at", or: now), zone: "UTC")
    (details.type, details.subject, details.body, details.minutes) = (kind, subject, body, minutes)
    return Prepared(externalID: row["id"], contact: row["contact_id"], details: details)
  }

  static func favoursLoading(_ rows: Int, in db: Database) throws -> Bool {
    favoursLoading(rows, beside: try db.value("SELECT max(seq) FROM interactions"))
  }

  static func load(_ run: ImportRun<Prepared>, now: Timestamp, in db: Database) throws {
    let contacts = try ExternalIDs(of: "contacts", in: db)
    try db.withoutIndexes(of: "interactions", keeping: ["interactions_by_external_id"]) {
      let writer = try Writer(db, now: now) { try contacts.id(of: $0) }
      try run.each { row in try run.write(row) { try writer.write($0, line: row.line) } }
    }
  }

  struct Writer: RowWriter {
    private let contactID: (String) throws -> String?
    private let interactions: InteractionUpsert

    init(_ db: Database, now: Timestamp) throws {
      let contactID = try db.prepared("SELECT id FROM contacts WHERE external_id = ?")
      try self.init(db, now: now) { try contactID.text(of: $0) }
    }

    init(_ db: Database, now: Timestamp, contactID: @escaping (String) throws -> String?) throws {
      self.contactID = contactID
      interactions = try InteractionUpsert(db, now: now)
    }

    func write(_ prepared: Prepared, line: Int) throws {
      guard let contact = try contactID(prepared.contact) else {
        throw ImportProblem(line: line, reason: "there is no contact \(prepared.contact)")
      }
      try interactions.write(prepared.details, of: contact, externalID: prepared.externalID)
    }
  }
}
