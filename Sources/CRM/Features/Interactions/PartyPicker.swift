import Admin
import Base
import Store
import Web

/// Finds records, users and words for the parties of an interaction.
enum PartyPicker {
  /// For those who write things down: who only reads has no business with everybody's addresses.
  static let routes: [Route] = [.get("/admin/crm/parties.json", .write(.contacts), suggest)]

  private static let limit = 6

  @Sendable private static func suggest(_ context: RequestContext) throws -> Response {
    let q = TextNormalizing.start(of: context.query["q"] ?? "", 200)
    let found = try context.store.read { db in try find(q, for: context, in: db) }
    let records = context.composition.records
    let items = found.map { party in
      JSON.object([
        "id": .string(party.who.posted), "name": .string(party.name), "detail": .string(party.details),
        "icon": .string(party.who.icon(records)),
      ])
    }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }

  /// A few of each, then the words themselves.
  static func find(_ q: String, for context: RequestContext, in db: Database) throws -> [Party] {
    let words = TextNormalizing.clean(q)
    guard !words.isEmpty else { return [] }
    let records = try context.composition.records.all.filter { $0.partyDetails != nil }.flatMap { type in
      try Suggestion.find(
        words, in: type.list, details: type.suggestionDetails, scope: context.scope(of: type.resource), reach: context.reach,
        limit: limit, in: db
      ).compactMap { found in party(found) { .record(type.name, $0) } }
    }
    let users = try PartyStore.users(words, limit: limit, in: db)
    return records + users.compactMap { party($0) { .user($0) } } + [Party(who: .text(words), name: words, details: "", capturedAt: "")]
  }

  private static func party(_ found: Suggestion, _ who: (RecordID) -> Party.Who) -> Party? {
    RecordID(found.id).map { Party(who: who($0), name: found.name, details: found.detail, capturedAt: "") }
  }
}
