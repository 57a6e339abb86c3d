import Base
import Store

/// A row of a file of contacts. Its `company_id` becomes the primary membership.
enum ContactImport: ImportTarget {
  static let neededColumns = ["id", "first_name", "last_name"]
  static let knownColumns = [
    "id", "first_name", "last_name", "email", "phone", "mobile", "status", "company_id", "job_title", "city", "country", "source", "notes",
    "created_at", "updated_at",
  ]

  struct Prepared: Sendable {
    let details: ContactDetails
    let id: String
    let nameSort: String
    let words: String
    let channels: String
    let notes: String
    let externalID: String
    /// The external id of the company; empty for none.
    let company: String
    let created: Timestamp
    let updated: Timestamp
  }

  static func prepare(_ row: ImportRow, now: Timestamp) throws(ImportProblem) -> Prepared {
    var details = ContactDetails()
    details.name = [row["first_name"], row["last_name"]].filter { !$0.isEmpty }.joined(separator: " ")
    details.status = row["status"] == "inactive" ? "inactive" : "active"
    details.jobTitle = row["job_title"]
    details.address.city = row["city"]
    details.address.country = row["country"].uppercased()
    details.source = row["source"]
    for (column, kind, label) in [("email", Channel.Kind.email, ""), ("phone", .phone, ""), ("mobile", .phone, "mobile")] {
      let value = row[column]
      if !value.isEmpty { details.channels.append(Channel(kind: kind, label: label, value: value, isPrimary: false)) }
    }
    try row.refuse(details.problems)
    let created = try row.time("created_at", or: now)
    let note = row["notes"]
    return Prepared(
      details: details, id: RecordID.make(at: created).text, nameSort: TextFolding.fold(details.name), words: details.searchWords,
      channels: details.channelsJSON,
      notes: note.isEmpty ? "[]" : JSON.array([Note(text: note, by: Actor.program.name, at: created.text).json]).text,
      externalID: row["id"], company: row["company_id"], created: created, updated: try row.time("updated_at", or: created))
  }

  static func favoursLoading(_ rows: Int, in db: Database) throws -> Bool { try ContactLoad.serves(db) }

  static func load(_ run: ImportRun<Prepared>, now: Timestamp, in db: Database) throws { try ContactLoad(db: db, now: now).take(run) }

  struct Writer: RowWriter {
    private let db: Database
    private let statement: Statement
    private let memberships: MembershipImport.Writer

    init(_ db: Database, now: Timestamp) throws {
      self.db = db
      statement = try db.prepared(
        """
        INSERT INTO contacts (id, name, name_sort, words, status, channels, job_title, city, country, source, notes, external_id, created_at, updated_at,
          city_sort)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (external_id) WHERE external_id IS NOT NULL DO UPDATE SET name = excluded.name, name_sort = excluded.name_sort,
          words = excluded.words, channels = excluded.channels, job_title = excluded.job_title, city = excluded.city, city_sort = excluded.city_sort,
          country = excluded.country, source = excluded.source, version = version + 1, updated_at = ?16
        """)
      statement.bind(16, now)
      memberships = try MembershipImport.Writer(db, now: now)
    }

    func write(_ prepared: Prepared, line: Int) throws {
      prepared.bind(to: statement)
      guard !prepared.company.isEmpty else { return try statement.execute() }
      try db.savepoint {
        try statement.execute()
        try memberships.join(
          contact: prepared.externalID, company: prepared.company, role: nil, isPrimary: true, at: prepared.created, line: line)
      }
    }
  }
}

extension ContactImport.Prepared {
  /// Binds what a contact's row holds, to the first 15 places of a statement.
  func bind(to statement: Statement) {
    let texts = [
      id, details.name, nameSort, words, details.status, channels, details.jobTitle, details.address.city, details.address.country,
      details.source, notes, externalID, created.text, updated.text, TextFolding.fold(details.address.city),
    ]
    for (index, text) in texts.enumerated() { statement.bind(index + 1, text) }
  }
}
