import Base
import Store

/// A row of a file of interactions, each with a contact.
enum InteractionImport: ImportTarget {
  static let neededColumns = ["id", "contact_id", "kind", "happened_at"]
  static let knownColumns = ["id", "contact_id", "kind", "subject", "body", "happened_at", "duration_min"]

  struct Prepared: Sendable {
    let externalID: String
    let contact: String
    let kind: String
    let subject: String
    let body: String
    let at: Timestamp
    let minutes: Int?
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
    return Prepared(
      externalID: row["id"], contact: row["contact_id"], kind: kind, subject: subject, body: body,
      at: try row.time("happened_at", or: now), minutes: minutes)
  }

  static func write(_ prepared: Prepared, line: Int, now: Timestamp, in db: Database) throws {
    guard let contact = try db.text("SELECT id FROM contacts WHERE external_id = \(prepared.contact)") else {
      throw ImportProblem(line: line, reason: "there is no contact \(prepared.contact)")
    }
    try db.run(
      """
      INSERT INTO interactions (id, contact_id, type, subject, body, occurred_at, minutes, external_id, created_at, updated_at)
      VALUES (\(RecordID.make(at: prepared.at)), \(contact), \(prepared.kind), \(prepared.subject), \(prepared.body), \(prepared.at),
        \(prepared.minutes), \(prepared.externalID), \(now), \(now))
      ON CONFLICT (external_id) WHERE external_id IS NOT NULL DO UPDATE SET type = excluded.type, subject = excluded.subject,
        body = excluded.body, occurred_at = excluded.occurred_at, minutes = excluded.minutes, updated_at = \(now)
      """)
  }
}
