import Admin
import Base
import Store
import Templating
import Web

/// All tags on one page, from which they are renamed, coloured, merged and deleted.
enum TagsPage {
  static let path = "/admin/crm/tags"

  static let routes: [Route] = [
    .get(path, .write(.contacts), show),
    .get(path + "/suggestions.json", .write(.contacts), suggest),
    .post(path + "/{tag}", .write(.contacts), keepsForms: false, TagActs.change),
    .post(path + "/{tag}/merge", .write(.contacts), keepsForms: false, TagActs.merge),
    .post(path + "/{tag}/delete", .write(.contacts), keepsForms: false, TagActs.delete),
  ]

  private static let listSchema = ViewSchema("tagged list", [("label", .text), ("href", .text)])
  private static let colorSchema = ViewSchema("tag color", [("number", .text), ("label", .text), ("tint", .text), ("on", .bool)])
  private static let tagSchema = ViewSchema(
    "tag-line",
    [
      ("id", .text), ("name", .text), ("tint", .text), ("href", .text), ("records", .int), ("lists", .list(.record(listSchema))),
      ("colors", .list(.record(colorSchema))), ("typed", .text), ("error", .optional(.text)), ("isOpen", .bool),
    ])
  /// What is asked before a tag goes.
  private static let questionSchema = ViewSchema(
    "tag-question", [("name", .text), ("other", .optional(.text)), ("into", .text), ("records", .int), ("action", .text)])
  private static let schema = ViewSchema(
    "tags", [("tags", .list(.record(tagSchema))), ("question", .optional(.record(questionSchema)))])
  static let pages = ["tags/tags": schema]

  /// More than anybody can look over.
  private static let most = 1_000
  private static let suggestions = 8

  /// `?delete=` and `?merge=` with a tag's id ask first, with the number of records that have it.
  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    func tag(_ name: String) throws -> Tag? {
      guard let text = context.query[name] else { return nil }
      guard let id = RecordID(text), let tag = try context.store.read({ db in try TagStore.find(id, in: db) }) else {
        throw HTTPError.notFound
      }
      return tag
    }
    if let gone = try tag("delete") { return try page(context, question: try question(gone, nil, context)) }
    guard let gone = try tag("merge") else { return try page(context) }
    guard let other = try TagActs.target(context.query["into"] ?? "", of: gone, context) else {
      return try page(context, failed: (gone.id, gone.name, TagActs.noTarget))
    }
    return try page(context, question: try question(gone, other, context))
  }

  private static func question(_ tag: Tag, _ other: Tag?, _ context: RequestContext) throws -> Value {
    let records = try context.store.read { db in try TagStore.count(of: tag.id, in: db) }
    return .record(
      ViewData(
        questionSchema,
        [
          .text(tag.name), other.map { .text($0.name) } ?? .null, .text(other?.id.text ?? ""), .int(records),
          .text(path + "/" + tag.id.text + (other == nil ? "/delete" : "/merge")),
        ]))
  }

  static func page(
    _ context: RequestContext, failed: (id: RecordID, typed: String, problem: Message)? = nil, question: Value = .null
  ) throws -> Response {
    let all = try context.store.read { db in try TagStore.all(limit: most, in: db) }
    let types = context.composition.records.all.filter { type in
      type.fields.contains { $0.kind is TagsField } && context.may(.readOwn, on: type.resource)
    }
    let lines = all.map { tag, records -> Value in
      let failure = failed?.id == tag.id ? failed : nil
      return .record(
        ViewData(
          tagSchema,
          [
            .text(tag.id.text), .text(tag.name), .text(tag.tint), .text(path + "/" + tag.id.text), .int(records),
            .list(
              types.map {
                .record(ViewData(listSchema, [.text($0.listLabel), .text(URLQuery.append([("tag", tag.name)], to: $0.path))]))
              }),
            .list(
              Tag.colors.enumerated().map { number, label in
                .record(
                  ViewData(colorSchema, [.text(String(number)), .text(label), .text(Tint.named(number)), .bool(number == tag.color)]))
              }),
            .text(failure?.typed ?? tag.name), failure.map { .text(context.text($0.problem)) } ?? .null,
            .bool(failure != nil),
          ]))
    }
    return try context.page("tags/tags", ViewData(schema, [.list(lines), question]), status: failed == nil ? 200 : 422)
  }

  @Sendable private static func suggest(_ context: RequestContext) throws -> Response {
    let q = TextNormalizing.clean(TextNormalizing.start(of: context.query["q"] ?? "", 200))
    let found = try context.store.read { db in q.isEmpty ? [] : try TagStore.suggest(q, limit: suggestions, in: db) }
    let items = found.map {
      JSON.object([
        "id": .string($0.name), "name": .string($0.name), "detail": .string(""), "icon": .string("tag"), "tint": .string($0.tint),
      ])
    }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }
}
