import Base
import Store
import Templating
import Web

/// What the search box finds, as a page, and as JSON for the panel under the box. Without words: what was viewed last.
struct SearchPage {
  static let path = "/admin/crm/search"
  static let routes: [Route] = [
    .get(path, .see(.search), effort: .read, show), .get(path + ".json", .see(.search), effort: .read, suggest),
  ]

  private static let hitShape = ViewSchema(
    "search-hit",
    [
      ("name", .text), ("detail", .text), ("passage", .optional(.text)), ("href", .text), ("initials", .text), ("tint", .text),
      ("emblem", .text), ("icon", .text),
    ])
  private static let groupShape = ViewSchema(
    "search-group", [("label", .text), ("hits", .list(.record(hitShape))), ("allHref", .optional(.text))])
  static let shape = ViewSchema(
    "search",
    [
      ("q", .text), ("hasWords", .bool), ("note", .optional(.text)), ("groups", .list(.record(groupShape))),
      ("creations", .list(.record(ListPage.linkShape))),
    ])

  private struct Group {
    let label: String
    let hits: [SearchHit]
    /// The list with everything that fits, where that may be more.
    var allHref: String?

    /// What is above a hit in the panel.
    func label(of hit: SearchHit, _ language: Language) -> String {
      let label = language.text(label)
      return hit.quality == .similar ? language.text("{list}: similar results", ["list": .text(label)]) : label
    }
  }

  private static let (hitsOnPage, hitsInPanel) = (20, 5)
  private static let longest = 200

  private let q: String
  private let groups: [Group]

  /// The groups of the best hits come first.
  private init(_ context: RequestContext, limit: Int) throws {
    let q = TextNormalizing.clean(TextNormalizing.start(of: context.query["q"] ?? "", Self.longest))
    self.q = q
    groups = try context.store.read { db in
      if q.isEmpty {
        let recent = try RecentRecords(context).headers(for: context, in: db)
        return recent.isEmpty ? [] : [Group(label: "Recently viewed", hits: recent.map { SearchHit(record: $0, quality: .exact) })]
      }
      let found = try Self.groups(q, limit, forgivingTypingErrors: false, context, db)
      return found.isEmpty ? try Self.groups(q, limit, forgivingTypingErrors: true, context, db) : found
    }.sorted { ($0.hits.first?.quality ?? .similar) < ($1.hits.first?.quality ?? .similar) }
  }

  /// What is found of each type that the visitor may see.
  private static func groups(_ q: String, _ limit: Int, forgivingTypingErrors: Bool, _ context: RequestContext, _ db: Database) throws
    -> [Group]
  {
    try context.composition.records.all.filter { context.may(.readOwn, on: $0.resource) }.compactMap { type in
      let hits = try SearchHit.find(q, of: type, limit: limit, forgivingTypingErrors: forgivingTypingErrors, for: context, in: db)
      if hits.isEmpty { return nil }
      var state = ListState(tab: type.list.tabs[0])
      state.q = q
      return Group(label: type.list.title, hits: hits, allHref: hits.count == limit ? state.url(type.path) : nil)
    }
  }

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let found = try SearchPage(context, limit: hitsOnPage)
    return try context.page("search/search", found.data(for: context))
  }

  private func data(for context: RequestContext) -> ViewData {
    let hasOnlySimilar = groups.first?.hits.first?.quality == .similar
    let note: Value =
      q.isEmpty || groups.isEmpty
      ? .null : .text(context.text(hasOnlySimilar ? Message("No exact match. Showing similar names.") : Message("Best matches first.")))
    let creations = groups.isEmpty && !q.isEmpty ? context.composition.records.all.filter { context.may(.write, on: $0.resource) } : []
    return ViewData(
      Self.shape,
      [
        .text(q), .bool(!SearchMatch.words(of: q).isEmpty), note,
        .list(
          groups.map { group in
            .record(
              ViewData(
                Self.groupShape,
                [.text(group.label), .list(group.hits.map { .record(Self.hit($0)) }), group.allHref.map { .text($0) } ?? .null]))
          }),
        .list(
          creations.compactMap { type in
            guard let field = type.nameField, !field.isReadOnly else { return nil }
            return ListPage.link(type.list.words.newRecord, URLQuery.append([(field.name, q)], to: type.path + "/new"), current: false)
          }),
      ])
  }

  private static func hit(_ hit: SearchHit) -> ViewData {
    let record = hit.record
    return ViewData(
      hitShape,
      [
        .text(record.name), .text(hit.detail), hit.passage.map { .text($0) } ?? .null, .text(record.href), .text(Initials.of(record.name)),
        .text(Tint.of(record.id.text)), .text(record.type.emblem.rawValue), .text(record.type.icon),
      ])
  }

  @Sendable private static func suggest(_ context: RequestContext) throws -> Response {
    let items = try SearchPage(context, limit: hitsInPanel).groups.flatMap { group in
      group.hits.map { hit in
        JSON.object([
          "id": .string(hit.record.id.text), "name": .string(hit.record.name), "detail": .string(hit.detail),
          "passage": .string(hit.passage ?? ""), "href": .string(hit.record.href), "icon": .string(hit.record.type.icon),
          "group": .string(group.label(of: hit, context.language)),
        ])
      }
    }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }
}
