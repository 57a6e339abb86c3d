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
    let q = TextNormalizing.start(of: context.query["q"] ?? "", 100)
    let found = try context.store.read { db in try PartyStore.users(q, limit: limit, in: db) }
    let items = found.map { JSON.object(["id": .string($0.detail), "name": .string($0.name), "detail": .string($0.detail)]) }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }

  /// A text as it is stored: what leads to exactly one person becomes a mention, unless it is code or part of a link. A mention has the name that its
  /// user has, whatever was written there. `failed` is what looks like a mention and leads to nobody.
  static func keep(_ text: String, in db: Database) throws -> (text: String, users: [RecordID], failed: [String]) {
    let calls = Array(MentionScanner.calls(in: text, onlyAtWords: true).calls.prefix(mostCalls))
    if calls.isEmpty { return (text, [], []) }
    // As words that nobody types first, to see which of them the tree of the text has as text.
    let marked = MentionScanner.replace(calls, in: text) { "\u{F0000}\($0)\u{F0001}" }
    let texts = Markdown.texts(in: marked).joined(separator: " ").split(separator: "\u{F0000}")
    let found = Set(texts.compactMap { text in text.firstIndex(of: "\u{F0001}").flatMap { Int(text[..<$0]) } })
    var (users, failed): ([RecordID], [String]) = ([], [])
    var directory = Directory(db: db)
    let kept = try MentionScanner.replace(calls, in: text) { number in
      guard found.contains(number) else { return nil }
      guard let user = try directory.user(calls[number].who) else {
        let typed = calls[number].who.typed
        if !failed.contains(typed) { failed.append(typed) }
        return nil
      }
      if !users.contains(user.id) { users.append(user.id) }
      return "@[\(plain(user.name))](user:\(user.id.text))"
    }
    return (kept, users, failed)
  }

  /// A kept text as it is typed, for its form.
  static func typed(_ text: String, in db: Database) throws -> String {
    guard text.contains("](user:") else { return text }
    var addresses: [RecordID: String?] = [:]
    let calls = MentionScanner.calls(in: text, onlyAtWords: false).calls
    return try MentionScanner.replace(calls, in: text) { number in
      guard case .id(let id) = calls[number].who else { return nil }
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
    private var active: [(id: RecordID, name: String, email: String)]?

    init(db: Database) { self.db = db }

    private mutating func everybody() throws -> [(id: RecordID, name: String, email: String)] {
      let found =
        try active
        ?? db.all("SELECT id, name, email_key FROM users WHERE status = 'active'") {
          (id: $0.recordID(0), name: $0.text(1), email: $0.text(2))
        }
      active = found
      return found
    }

    mutating func user(_ who: MentionScanner.Who) throws -> User? {
      let active: SQL = "SELECT id, name FROM users WHERE status = 'active'"
      let found: [User]
      switch who {
      case .id(let id): found = try db.all("\(active) AND id = \(id)") { ($0.recordID(0), $0.text(1)) }
      case .address(let address): found = try db.all("\(active) AND email_key = \(address.lowercased())") { ($0.recordID(0), $0.text(1)) }
      case .name(let name):
        found = try everybody().filter { TextFolding.fold($0.name) == TextFolding.fold(name) }.map { ($0.id, $0.name) }
      case .word(let word):
        let key = TextFolding.fold(word)
        found = try everybody().filter { user in
          user.email.hasPrefix(word.lowercased() + "@") || TextFolding.fold(user.name).split(separator: " ").contains { $0 == key }
        }.map { ($0.id, $0.name) }
      }
      return found.count == 1 ? found[0] : nil
    }
  }

  /// A name that can't close its brackets.
  private static func plain(_ name: String) -> String { String(name.map { "[]()\\".contains($0) ? " " : $0 }) }
}

extension MentionScanner.Who {
  /// As it is typed.
  var typed: String {
    switch self {
    case .id(let id): "@" + id.text
    case .address(let text), .word(let text): "@" + text
    case .name(let name): "@\"\(name)\""
    }
  }
}
