import Base
import Templating
import Store

/// A row of a file of contacts. Its `company_id` becomes the primary membership.
enum ContactImport {
  static func write(_ row: ImportRow, now: Timestamp, in db: Database) throws {
    var details = ContactDetails()
    details.name = [row["first_name"], row["last_name"]].filter { !$0.isEmpty }.joined(separator: " ")
    details.status = row["status"] == "inactive" ? "inactive" : "active"
    details.jobTitle = row["job_title"]
    details.address.city = row["city"]
    details.address.country = row["country"].uppercased()
    details.source = row["source"]
    for (column, kind, label) in [("email", Channel.Kind.email, ""), ("phone", .phone, ""), ("mobile", .phone, "mobile")]
    where !row[column].isEmpty {
      details.channels.append(Channel(kind: kind, label: label, value: row[column], isPrimary: false))
    }
    if let field = details.problems.order.first, let problem = details.problems[field] {
      throw ImportProblem(line: row.line, reason: "\(field): \(problem.text(in: .english))")
    }
    let created = try row.time("created_at", or: now)
    let updated = try row.time("updated_at", or: created)
    let note = row["notes"]
    let notes = note.isEmpty ? "[]" : JSON.array([Note(text: note, by: Actor.program.name, at: created.text).json]).text
    try db.run(
      """
      INSERT INTO contacts (id, name, name_sort, words, status, channels, job_title, city, country, source, notes, external_id, created_at, updated_at)
      VALUES (\(RecordID.make(at: created)), \(details.name), \(TextFolding.fold(details.name)), \(details.searchWords), \(details.status),
        \(details.channelsJSON), \(details.jobTitle), \(details.address.city), \(details.address.country), \(details.source), \(notes),
        \(row["id"]), \(created), \(updated))
      ON CONFLICT (external_id) DO UPDATE SET name = excluded.name, name_sort = excluded.name_sort, words = excluded.words,
        channels = excluded.channels, job_title = excluded.job_title, city = excluded.city, country = excluded.country,
        source = excluded.source, version = version + 1, updated_at = \(now)
      """)
    if !row["company_id"].isEmpty {
      try MembershipImport.join(
        contact: row["id"], company: row["company_id"], role: nil, isPrimary: true, at: created, line: row.line, in: db)
    }
  }
}

/// A row of a file of memberships.
enum MembershipImport {
  static func write(_ row: ImportRow, now: Timestamp, in db: Database) throws {
    try join(
      contact: row["contact_id"], company: row["company_id"], role: row["role"], isPrimary: row["is_primary"] == "1",
      at: try row.time("since", or: now), line: row.line, in: db)
  }

  /// Joins two records by their external ids; a membership that is there gets the role.
  static func join(
    contact: String, company: String, role: String?, isPrimary: Bool, at: Timestamp, line: Int, in db: Database
  ) throws {
    guard let contactID = try db.text("SELECT id FROM contacts WHERE external_id = \(contact)") else {
      throw ImportProblem(line: line, reason: "there is no contact \(contact)")
    }
    guard let companyID = try db.text("SELECT id FROM companies WHERE external_id = \(company)") else {
      throw ImportProblem(line: line, reason: "there is no company \(company)")
    }
    if isPrimary {
      try db.run("UPDATE memberships SET is_primary = 0 WHERE contact_id = \(contactID) AND company_id <> \(companyID) AND is_primary = 1")
    }
    try db.run(
      """
      INSERT INTO memberships (id, contact_id, company_id, role, is_primary, created_at)
      VALUES (\(RecordID.make(at: at)), \(contactID), \(companyID), \(role ?? ""), \(isPrimary), \(at))
      ON CONFLICT (contact_id, company_id) DO UPDATE SET role = coalesce(\(role), role), is_primary = max(is_primary, excluded.is_primary)
      """)
  }
}
