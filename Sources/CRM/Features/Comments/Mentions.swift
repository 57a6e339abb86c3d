import Admin
import Base
import Markdown
import Store
import Web

/// People who are called by name in a text: typed as `@` and their address, or their name in quotes; kept as `@[Name](user:id)`.
enum Mentions {
  /// For those who write comments: who only reads has no business with everybody's addresses.
  static let routes: [Route] = [.get("/admin/crm/mentions.json", .write(.contacts), suggest)]

  private static let limit = 8
  /// How many possible mentions are looked up in one text; the rest stays plain text. The lookup holds up the writer.
  private static let mostCalls = 100

  @Sendable private static func suggest(_ context: RequestContext) throws -> Response {
    let q = String((context.query["q"] ?? "").prefix(100))
    let found = try context.store.read { db in try PartyStore.users(q, limit: limit, in: db) }
    let items = found.map { JSON.object(["id": .string($0.detail), "name": .string($0.name), "detail": .string($0.detail)]) }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }

  /// A text as it is stored: an address or a full name that belongs to exactly one person becomes a mention. A mention has the name that its
  /// user has, whatever was written there.
  static func keep(_ text: String, in db: Database) throws -> (text: String, users: [RecordID]) {
    var users: [RecordID] = []
    var calls = 0
    var directory = Directory(db: db)
    let kept = try MentionScanner.replace(in: text, onlyAtWords: true) { who in
      calls += 1
      guard calls <= mostCalls, let user = try directory.user(who) else { return nil }
      if !users.contains(user.id) { users.append(user.id) }
      return "@[\(plain(user.name))](user:\(user.id.text))"
    }
    return (kept, users)
  }

  /// A kept text as it is typed, for its form.
  static func typed(_ text: String, in db: Database) throws -> String {
    guard text.contains("](user:") else { return text }
    var addresses: [RecordID: String?] = [:]
    return try MentionScanner.replace(in: text, onlyAtWords: false) { who in
      guard case .id(let id) = who else { return nil }
      let address = try addresses[id] ?? db.text("SELECT email FROM users WHERE id = \(id)")
      addresses[id] = .some(address)
      return address.map { "@" + $0 }
    }
  }

  /// The names of those whom some kept texts may mention, by id.
  static func people(in texts: [String], _ db: Database) throws -> [String: String] {
    guard texts.contains(where: { $0.contains("user:") }) else { return [:] }
    return Dictionary(uniqueKeysWithValues: try db.all("SELECT id, name FROM users") { ($0.text(0), $0.text(1)) })
  }

  /// Finds the people who are mentioned. Names are read once for each text, because this holds up the writer.
  private struct Directory {
    typealias User = (id: RecordID, name: String)

    let db: Database
    private var byName: [String: [User]]?

    init(db: Database) { self.db = db }

    mutating func user(_ who: MentionScanner.Who) throws -> User? {
      let active: SQL = "SELECT id, name FROM users WHERE status = 'active'"
      let found: [User]
      switch who {
      case .id(let id): found = try db.all("\(active) AND id = \(id)") { ($0.recordID(0), $0.text(1)) }
      case .address(let address): found = try db.all("\(active) AND email_key = \(address.lowercased())") { ($0.recordID(0), $0.text(1)) }
      case .name(let name):
        let names = try byName ?? Dictionary(grouping: db.all("\(active)") { ($0.recordID(0), $0.text(1)) }) { TextFolding.fold($0.1) }
        byName = names
        found = names[TextFolding.fold(name)] ?? []
      }
      return found.count == 1 ? found[0] : nil
    }
  }

  /// A name that can't end the brackets it stands in.
  private static func plain(_ name: String) -> String { String(name.map { "[]()\\".contains($0) ? " " : $0 }) }
}
