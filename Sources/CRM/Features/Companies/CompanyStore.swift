import Base
import Store

/// All SQL over companies; their lists' is in the list engine.
enum CompanyStore {
  static func header(_ id: RecordID, _ scope: Scope, in db: Database) throws -> RecordHeader? {
    try db.first(
      """
      SELECT id, name, status, industry, \(raw: AvatarStore.column("companies"))
      FROM companies WHERE id = \(id)\(scope.condition(on: "companies"))
      """
    ) { row in
      RecordHeader(id: row.recordID(0), name: row.text(1), status: row.text(2), line: row.text(3), avatar: row.recordIDOrNil(4))
    }
  }

  static func find(_ id: RecordID, _ scope: Scope, in db: Database) throws -> Company? {
    try db.first(
      """
      SELECT id, name, status, domain, website, industry, street, postal_code, city, region, country, phone, email, description, roles,
        owner_id, notes, version, live_contacts, (SELECT name FROM users WHERE id = owner_id), created_at, updated_at,
        \(raw: AvatarStore.column("companies"))
      FROM companies WHERE id = \(id)\(scope.condition(on: "companies"))
      """
    ) { row in
      var details = CompanyDetails(name: row.text(1))
      details.status = row.text(2)
      details.domain = row.text(3)
      details.website = row.text(4)
      details.industry = row.text(5)
      details.address = Address(
        street: row.text(6), postalCode: row.text(7), city: row.text(8), region: row.text(9), country: row.text(10))
      details.phone = row.text(11)
      details.email = row.text(12)
      details.description = row.text(13)
      details.roles = Set(row.text(14).split(separator: ",").map(String.init))
      details.ownerID = row.textOrNil(15) ?? ""
      return Company(
        id: row.recordID(0), details: details, status: row.text(2), notes: Note.list(row.text(16)), version: row.int(17),
        liveContacts: row.int(18), ownerName: row.textOrNil(19) ?? "", createdAt: row.text(20), updatedAt: row.text(21),
        avatar: row.recordIDOrNil(22))
    }
  }

  /// The name of a company that isn't in the trash.
  static func name(of id: RecordID, in db: Database) throws -> String? {
    try db.text("SELECT name FROM companies WHERE id = \(id) AND status <> 'trashed'")
  }

  /// The companies outside the trash that bear exactly this name, case and accents aside; two at most, since more says no more.
  static func named(_ name: String, in db: Database) throws -> [RecordID] {
    try db.all(
      "SELECT id FROM companies WHERE status IN ('active', 'inactive') AND name_sort = \(TextFolding.fold(name)) ORDER BY seq LIMIT 2"
    ) { $0.recordID(0) }
  }

  /// Companies for a type-ahead.
  static func suggestions(_ q: String, _ scope: Scope, limit: Int, in db: Database) throws -> [Suggestion] {
    try Suggestion.find(q, in: .companies, details: ["city", "industry"], scope: scope, limit: limit, in: db)
  }

  /// Makes a company with its activity entry.
  static func create(_ details: CompanyDetails, note: String, by actor: Actor, now: Timestamp, in db: Database) throws -> RecordID {
    let id = RecordID.make(at: now)
    let notes = note.isEmpty ? "[]" : JSON.array([Note(text: note, by: actor.name, at: now.text).json]).text
    try db.run(
      """
      INSERT INTO companies (id, name, name_sort, name_words, words, status, domain, website, industry, street, postal_code, city, region,
        country, phone, email, description, roles, notes, owner_id, created_by, created_at, updated_at)
      VALUES (\(id), \(details.name), \(TextFolding.fold(details.name)), \(details.nameWords), \(details.searchWords), \(details.status),
        \(details.domain), \(details.website), \(details.industry), \(details.address.street), \(details.address.postalCode),
        \(details.address.city), \(details.address.region), \(details.address.country), \(details.phone), \(details.email),
        \(details.description), \(details.rolesText), \(notes), \(details.owner), \(actor.id), \(now), \(now))
      """)
    try Activity.record(
      "company.created", type: "company", id: id, name: details.name, changes: Change.between([], details.texts), by: actor, now: now,
      in: db)
    return id
  }

  /// Writes over the version that the form was made from. `action` is what the history calls it.
  static func update(
    _ id: RecordID, _ details: CompanyDetails, from version: Int, as action: String = "company.updated", by actor: Actor, now: Timestamp,
    in db: Database
  ) throws -> SaveResult {
    guard let before = try find(id, .all, in: db), before.version == version else { return .stale }
    try db.run(
      """
      UPDATE companies SET name = \(details.name), name_sort = \(TextFolding.fold(details.name)), name_words = \(details.nameWords),
        words = \(details.searchWords), status = iif(status = 'trashed', status, \(details.status)),
        status_before = iif(status = 'trashed', \(details.status), NULL), domain = \(details.domain), website = \(details.website),
        industry = \(details.industry), street = \(details.address.street), postal_code = \(details.address.postalCode),
        city = \(details.address.city), region = \(details.address.region), country = \(details.address.country), phone = \(details.phone),
        email = \(details.email), description = \(details.description), roles = \(details.rolesText), owner_id = \(details.owner),
        version = version + 1, updated_at = \(now)
      WHERE id = \(id)
      """)
    guard let after = try find(id, .all, in: db) else { return .stale }
    let changes = Change.between(before.texts, after.texts)
    guard !changes.isEmpty else { return .saved(id, entry: nil) }
    let entry = try Activity.record(
      action, type: "company", id: id, name: details.name, changes: changes,
      before: Revert.stored(CompanyForm(before).posted, changes, names: [:]), by: actor, now: now, in: db)
    return .saved(id, entry: entry)
  }
}

extension Company {
  var texts: [FieldText] { details.texts + [FieldText(field: "owner", text: ownerName)] }
}

extension CompanyDetails {
  fileprivate var owner: String? { ownerID.isEmpty ? nil : ownerID }
}
