import Base
import Store
import Web

/// Finds people, companies and users for the parties of an interaction.
enum PartyPicker {
  /// For those who write things down: who only reads has no business with everybody's addresses.
  static let routes: [Route] = [.get("/admin/crm/parties.json", .write(.contacts), suggest)]

  private static let limit = 6

  @Sendable private static func suggest(_ context: RequestContext) throws -> Response {
    let q = String((context.query["q"] ?? "").prefix(200))
    let found = try context.store.read { db in try find(q, for: context, in: db) }
    let items = found.map { party in
      JSON.object([
        "id": .string(party.who.posted), "name": .string(party.name), "detail": .string(party.details), "icon": .string(party.who.icon),
      ])
    }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }

  /// A few of each, then the words themselves.
  static func find(_ q: String, for context: RequestContext, in db: Database) throws -> [Party] {
    let words = TextNormalizing.clean(q)
    guard !words.isEmpty else { return [] }
    let contacts = try Suggestion.find(
      words, in: .contacts, details: RecordType.contact.suggestionDetails, scope: try context.scope(of: .contacts), limit: limit, in: db)
    let companies = try Suggestion.find(
      words, in: .companies, details: RecordType.company.suggestionDetails, scope: try context.scope(of: .companies), limit: limit, in: db)
    let users = try PartyStore.users(words, limit: limit, in: db)
    return contacts.compactMap { party($0) { .contact($0) } } + companies.compactMap { party($0) { .company($0) } }
      + users.compactMap { party($0) { .user($0) } } + [Party(who: .text(words), name: words, details: "", capturedAt: "")]
  }

  private static func party(_ found: Suggestion, _ who: (RecordID) -> Party.Who) -> Party? {
    RecordID(found.id).map { Party(who: who($0), name: found.name, details: found.detail, capturedAt: "") }
  }
}
