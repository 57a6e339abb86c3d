import Admin
import Base
import Store

/// All SQL over parties.
enum PartyStore {
  /// A party as a page shows it: a link only while its record is there and may be seen; of what may not be seen only the name, which the
  /// interaction itself tells.
  struct Shown: Sendable {
    let party: Party
    let href: String?

    /// Whether its id may be told: that of a record to those who can open it.
    var hasID: Bool {
      switch party.who {
      case .record: href != nil
      case .user: true
      case .text: false
      }
    }
  }

  /// The parties of several interactions, by interaction, in one query.
  static func of(_ interactions: [Int], for context: RequestContext, in db: Database) throws -> [Int: [Shown]] {
    guard !interactions.isEmpty else { return [:] }
    let reach = try context.reach
    let record = reach.record("p.record_id")
    let seesUsers = context.may(.write, on: .contacts)
    let records = context.composition.records
    func mayKnow(_ who: Party.Who, isInReach: Bool) -> Bool {
      switch who {
      // They are words of that day: whether what they name of others may be seen can't be told for each.
      case .record(let type, _):
        (isInReach || reach.scope(of: type) == .all)
          && records[type].map { $0.list.showsAll($0.partyDetails ?? [], within: reach) } == true
      case .user: seesUsers
      case .text: true
      }
    }
    var found: [Int: [Shown]] = [:]
    try db.each(
      """
      SELECT p.interaction, \(record.type), p.record_id, p.user_id, p.name, p.details, p.captured_at, \(record.name) IS NOT NULL
      FROM interaction_parties p\(record.join)
      WHERE p.interaction IN \(SQL.each(interactions))
      ORDER BY p.interaction, p.position
      """
    ) { row in
      var party = party(row, from: 1)
      let isInReach = row.bool(7)
      if !mayKnow(party.who, isInReach: isInReach) { party.details = "" }
      found[row.int(0), default: []].append(Shown(party: party, href: isInReach ? party.who.href(records) : nil))
    }
    return found
  }

  /// The parties of one interaction.
  static func of(_ interaction: Int, in db: Database) throws -> [Party] {
    try db.all(
      """
      SELECT r.type, p.record_id, p.user_id, p.name, p.details, p.captured_at
      FROM interaction_parties p LEFT JOIN records r ON r.id = p.record_id WHERE p.interaction = \(interaction) ORDER BY p.position
      """
    ) { row in party(row, from: 0) }
  }

  static func replace(of interaction: Int, with parties: [Party], in db: Database) throws {
    try db.run("DELETE FROM interaction_parties WHERE interaction = \(interaction)")
    for (position, party) in parties.enumerated() {
      try db.run(
        """
        INSERT INTO interaction_parties (interaction, position, record_id, user_id, name, details, captured_at)
        VALUES (\(interaction), \(position), \(party.who.record), \(party.who.user), \(party.name), \(party.details), \(party.capturedAt))
        """)
    }
  }

  /// Leaves of a party only that there was somebody: the interaction belongs to another record and stays, but the name and the details of that day tell of
  /// the one that is erased.
  @Sendable static func forget(_ record: RecordID, in db: Database) throws {
    try db.run("UPDATE interaction_parties SET name = \(Erasure.nobody), details = '' WHERE record_id = \(record)")
  }

  /// People as they are now, without the record itself. Somebody who was there before keeps the words of that time. `nil` when somebody is not there.
  static func freeze(
    _ people: [Party.Who], _ before: [Party] = [], on record: RecordHeader, _ records: RecordTypes, _ act: ActContext
  ) throws -> [Party]? {
    var parties: [Party] = []
    for who in people where who != .record(record.type.name, record.id) {
      let party = try before.first { $0.who == who } ?? capture(who, records, for: act.principal, now: act.now, in: act.db)
      guard let party else { return nil }
      parties.append(party)
    }
    return parties
  }

  /// A record as it is now, for a new party; `nil` if there is none, or the visitor may not see it.
  static func capture(_ who: Party.Who, _ records: RecordTypes, for principal: Principal, now: Timestamp, in db: Database) throws -> Party?
  {
    let now = now.text
    func made(_ row: borrowing Row, _ columns: Int) -> Party {
      var details: [String] = []
      for column in 1...columns where !row.isEmpty(column) { details.append(row.text(column)) }
      return Party(who: who, name: row.text(0), details: details.joined(separator: " · "), capturedAt: now)
    }
    switch who {
    case .text(let words): return Party(who: who, name: words, details: "", capturedAt: now)
    case .record(let type, let id):
      guard let kind = records[type], let details = kind.partyDetails else { return nil }
      let reach = principal.reach(over: records)
      return try db.first(
        """
        SELECT \(SQL(joining: ["name"] + details.map { kind.list.reads($0, within: reach) }, separator: ", ")) FROM \(raw: kind.table)
        WHERE id = \(id) AND status <> 'trashed'\(principal.scope(of: kind.resource).condition(on: kind.table))
        """
      ) { made($0, details.count) }
    case .user(let id): return try db.first("SELECT name, email FROM users WHERE id = \(id) AND status = 'active'") { made($0, 1) }
    }
  }

  /// Users for a type-ahead, by the beginnings of their names' words or of their address.
  static func users(_ q: String, limit: Int, in db: Database) throws -> [Suggestion] {
    let wanted = SearchWords.asked(q)
    guard !wanted.isEmpty else { return [] }
    let all = try db.all("SELECT id, name, email FROM users WHERE status = 'active' ORDER BY name LIMIT 1000") {
      Suggestion(id: $0.text(0), name: $0.text(1), detail: $0.text(2))
    }
    let matching = all.filter { user in
      let words = SearchWords.indexed(user.name + " " + user.detail)
      return wanted.allSatisfy { $0.isThere { start in words.contains { $0.hasPrefix(start) } } }
    }
    return Array(matching.prefix(limit))
  }

  private static func party(_ row: borrowing Row, from first: Int) -> Party {
    let name = row.text(first + 3)
    let who: Party.Who =
      if let type = row.textOrNil(first), let id = row.textOrNil(first + 1).flatMap({ RecordID($0) }) {
        .record(type, id)
      } else if let id = row.textOrNil(first + 2).flatMap({ RecordID($0) }) {
        .user(id)
      } else {
        .text(name)
      }
    return Party(who: who, name: name, details: row.text(first + 4), capturedAt: row.text(first + 5))
  }
}

extension Party.Who {
  fileprivate var record: String? { if case .record(_, let id) = self { id.text } else { nil } }
  fileprivate var user: String? { if case .user(let id) = self { id.text } else { nil } }
}
