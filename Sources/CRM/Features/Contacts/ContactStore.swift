import Base
import Store

/// All SQL over contacts; their lists' is in the list engine.
enum ContactStore {
  static func header(_ id: RecordID, _ scope: Scope, in db: Database) throws -> RecordHeader? {
    try db.first(
      """
      SELECT id, name, status, job_title, company_id, company_name, \(raw: AvatarStore.column("contacts"))
      FROM contacts WHERE id = \(id)\(scope.condition(on: "contacts"))
      """
    ) { row in
      RecordHeader(
        id: row.recordID(0), name: row.text(1), status: row.text(2), line: row.text(3),
        company: row.textOrNil(4).map { (id: $0, name: row.text(5)) }, avatar: row.recordIDOrNil(6))
    }
  }

  static func find(_ id: RecordID, _ scope: Scope, in db: Database) throws -> Contact? {
    try db.first(
      """
      SELECT id, name, status, channels, job_title, street, postal_code, city, region, country, language, source, owner_id, consent,
        opted_out_at, owned_items, notes, version, (SELECT name FROM users WHERE id = owner_id), created_at, updated_at,
        \(raw: AvatarStore.column("contacts"))
      FROM contacts WHERE id = \(id)\(scope.condition(on: "contacts"))
      """
    ) { row in
      Contact(
        id: row.recordID(0),
        details: ContactDetails(
          name: row.text(1), status: row.text(2), channels: ContactDetails.channels(row.text(3)), jobTitle: row.text(4),
          address: Address(
            street: row.text(5), postalCode: row.text(6), city: row.text(7), region: row.text(8), country: row.text(9)),
          language: row.text(10), source: row.text(11), ownerID: row.textOrNil(12) ?? "",
          consent: Set(row.text(13).split(separator: ",").map(String.init)), isOptedOut: row.textOrNil(14) != nil,
          ownedItems: ContactDetails.ownedItems(row.text(15))),
        status: row.text(2), notes: Note.list(row.text(16)), version: row.int(17), ownerName: row.textOrNil(18) ?? "",
        createdAt: row.text(19), updatedAt: row.text(20), avatar: row.recordIDOrNil(21))
    }
  }

  /// Contacts for a type-ahead.
  static func suggestions(_ q: String, _ scope: Scope, limit: Int, in db: Database) throws -> [Suggestion] {
    try Suggestion.find(q, in: .contacts, details: ["job_title", "company_name"], scope: scope, limit: limit, in: db)
  }

  static func insert(_ details: ContactDetails, by actor: Actor, now: Timestamp, in db: Database) throws -> RecordID {
    let id = RecordID.make(at: now)
    try db.run(
      """
      INSERT INTO contacts (id, name, name_sort, words, status, channels, job_title, street, postal_code, city, region, country, language,
        source, owner_id, created_by, consent, opted_out_at, owned_items, created_at, updated_at)
      VALUES (\(id), \(details.name), \(TextFolding.fold(details.name)), \(details.searchWords), \(details.status), \(details.channelsJSON),
        \(details.jobTitle), \(details.address.street), \(details.address.postalCode), \(details.address.city), \(details.address.region),
        \(details.address.country), \(details.language), \(details.source), \(details.owner), \(actor.id), \(details.consentText),
        \(details.isOptedOut ? now : nil), \(details.ownedItemsJSON), \(now), \(now))
      """)
    return id
  }

  /// Writes over the version that the form was made from; `false` if somebody was faster, and nothing is written.
  static func update(_ id: RecordID, _ details: ContactDetails, from version: Int, now: Timestamp, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE contacts SET name = \(details.name), name_sort = \(TextFolding.fold(details.name)), words = \(details.searchWords),
        status = iif(status = 'trashed', status, \(details.status)), status_before = iif(status = 'trashed', \(details.status), NULL),
        channels = \(details.channelsJSON), job_title = \(details.jobTitle), street = \(details.address.street),
        postal_code = \(details.address.postalCode), city = \(details.address.city), region = \(details.address.region),
        country = \(details.address.country), language = \(details.language), source = \(details.source), owner_id = \(details.owner),
        consent = \(details.consentText), opted_out_at = \(details.isOptedOut ? SQL("coalesce(opted_out_at, \(now))") : SQL("NULL")),
        owned_items = \(details.ownedItemsJSON), version = version + 1, updated_at = \(now)
      WHERE id = \(id) AND version = \(version)
      """) == 1
  }

  static func addNote(_ note: Note, to id: RecordID, in db: Database) throws {
    try db.run("UPDATE contacts SET notes = json_insert(notes, '$[#]', json(\(note.json.text))) WHERE id = \(id)")
  }
}

extension ContactDetails {
  fileprivate var owner: String? { ownerID.isEmpty ? nil : ownerID }
  fileprivate var consentText: String { consent.sorted().joined(separator: ",") }
}
