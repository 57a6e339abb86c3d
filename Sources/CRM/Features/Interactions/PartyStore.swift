import Base
import Store

/// All SQL over parties.
enum PartyStore {
  /// A party as a page shows it: a link only while its record is there and may be seen; of what may not be seen only the name, which the
  /// interaction itself tells.
  struct Shown: Sendable {
    let party: Party
    let href: String?
  }

  /// The parties of several interactions, by interaction, in one query.
  static func of(_ interactions: [Int], for context: RequestContext, in db: Database) throws -> [Int: [Shown]] {
    guard !interactions.isEmpty else { return [:] }
    let contacts = try context.scope(of: .contacts)
    let companies = try context.scope(of: .companies)
    let seesUsers = context.may(.write, on: .contacts)
    func mayKnow(_ who: Party.Who) -> Bool {
      switch who {
      case .contact: contacts == .all
      case .company: companies == .all
      case .user: seesUsers
      case .text: true
      }
    }
    var found: [Int: [Shown]] = [:]
    try db.each(
      """
      SELECT p.interaction, p.contact_id, p.company_id, p.user_id, p.name, p.details, p.captured_at, c.seq IS NOT NULL OR o.seq IS NOT NULL
      FROM interaction_parties p
        LEFT JOIN contacts c ON c.id = p.contact_id AND c.status <> 'trashed'\(contacts.condition(on: "c"))
        LEFT JOIN companies o ON o.id = p.company_id AND o.status <> 'trashed'\(companies.condition(on: "o"))
      WHERE p.interaction IN (SELECT value FROM json_each(\(JSON.array(interactions.map { .int($0) }).text)))
      ORDER BY p.interaction, p.position
      """
    ) { row in
      var party = party(row, from: 1)
      let isInReach = row.bool(7)
      if !isInReach, !mayKnow(party.who) { party.details = "" }
      found[row.int(0), default: []].append(Shown(party: party, href: isInReach ? party.who.href : nil))
    }
    return found
  }

  /// The parties of one interaction.
  static func of(_ interaction: Int, in db: Database) throws -> [Party] {
    try db.all(
      """
      SELECT contact_id, company_id, user_id, name, details, captured_at FROM interaction_parties
      WHERE interaction = \(interaction) ORDER BY position
      """
    ) { row in party(row, from: 0) }
  }

  static func replace(of interaction: Int, with parties: [Party], in db: Database) throws {
    try db.run("DELETE FROM interaction_parties WHERE interaction = \(interaction)")
    for (position, party) in parties.enumerated() {
      try db.run(
        """
        INSERT INTO interaction_parties (interaction, position, contact_id, company_id, user_id, name, details, captured_at)
        VALUES (\(interaction), \(position), \(party.who.contact), \(party.who.company), \(party.who.user), \(party.name),
          \(party.details), \(party.capturedAt))
        """)
    }
  }

  /// A record as it stands now, for a new party; `nil` if there is none or the visitor may not see it.
  static func capture(_ who: Party.Who, for context: RequestContext, in db: Database) throws -> Party? {
    let now = context.now.text
    func made(_ row: borrowing Row) -> Party {
      let details = [row.text(1), row.text(2)].filter { !$0.isEmpty }.joined(separator: " · ")
      return Party(who: who, name: row.text(0), details: details, capturedAt: now)
    }
    switch who {
    case .text(let words): return Party(who: who, name: words, details: "", capturedAt: now)
    case .contact(let id):
      return try db.first(
        """
        SELECT name, job_title, company_name FROM contacts
        WHERE id = \(id) AND status <> 'trashed'\(try context.scope(of: .contacts).condition(on: "contacts"))
        """, made)
    case .company(let id):
      return try db.first(
        """
        SELECT name, industry, city FROM companies
        WHERE id = \(id) AND status <> 'trashed'\(try context.scope(of: .companies).condition(on: "companies"))
        """, made)
    case .user(let id): return try db.first("SELECT name, email, '' FROM users WHERE id = \(id) AND status = 'active'", made)
    }
  }

  /// Users for a type-ahead, by the beginnings of their names' words or of their address.
  static func users(_ q: String, limit: Int, in db: Database) throws -> [Suggestion] {
    let wanted = TextFolding.fold(q).split(separator: " ")
    guard !wanted.isEmpty else { return [] }
    let all = try db.all("SELECT id, name, email FROM users WHERE status = 'active' ORDER BY name LIMIT 1000") {
      Suggestion(id: $0.text(0), name: $0.text(1), detail: $0.text(2))
    }
    let matching = all.filter { user in
      let words = TextFolding.fold(user.name + " " + user.detail).split(separator: " ")
      return wanted.allSatisfy { start in words.contains { $0.hasPrefix(start) } }
    }
    return Array(matching.prefix(limit))
  }

  private static func party(_ row: borrowing Row, from first: Int) -> Party {
    let name = row.text(first + 3)
    let who: Party.Who =
      if let id = row.textOrNil(first).flatMap({ RecordID($0) }) {
        .contact(id)
      } else if let id = row.textOrNil(first + 1).flatMap({ RecordID($0) }) {
        .company(id)
      } else if let id = row.textOrNil(first + 2).flatMap({ RecordID($0) }) {
        .user(id)
      } else {
        .text(name)
      }
    return Party(who: who, name: name, details: row.text(first + 4), capturedAt: row.text(first + 5))
  }
}

extension Party.Who {
  fileprivate var contact: String? { if case .contact(let id) = self { id.text } else { nil } }
  fileprivate var company: String? { if case .company(let id) = self { id.text } else { nil } }
  fileprivate var user: String? { if case .user(let id) = self { id.text } else { nil } }
}
