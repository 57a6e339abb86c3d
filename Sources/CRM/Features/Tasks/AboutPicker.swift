import Admin
import Base
import Store
import Web

/// Finds records that a task can be about.
enum AboutPicker {
  static let path = RecordType.task.path + "/about.json"

  private static let limit = 6

  @Sendable static func suggest(_ context: RequestContext) throws -> Response {
    let q = TextNormalizing.start(of: context.query["q"] ?? "", 200)
    let types = context.composition.records.all.filter { context.may(.readOwn, on: $0.resource) }
    let items = try context.store.read { db in
      try types.flatMap { type in
        try Suggestion.find(
          q, in: type.list, details: type.suggestionDetails, scope: context.scope(of: type.resource), reach: context.reach,
          limit: limit, in: db
        ).map { found in
          JSON.object([
            "id": .string(found.id), "name": .string(found.name), "detail": .string(found.detail), "icon": .string(type.icon),
          ])
        }
      }
    }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }
}
