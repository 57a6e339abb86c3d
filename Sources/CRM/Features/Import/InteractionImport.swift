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

  static func write(_ prepared: Prepared, line: Int, now: Timestamp, in db: Database) throws {
    let contact = try db.first("SELECT id FROM contacts WHERE external_id = \(prepared.contact)") { $0.recordID(0) }
    guard let contact else { throw ImportProblem(line: line, reason: "there is no contact \(prepared.contact)") }
    try InteractionStore.insert(prepared.details, contact: contact, externalID: prepared.externalID, now: now, in: db)
  }
}
