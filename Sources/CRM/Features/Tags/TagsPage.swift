import Base
import Store
import Templating
import Web

/// All tags on one page: renamed, coloured, merged, deleted.
enum TagsPage {
  static let path = "/admin/crm/tags"

  static let routes: [Route] = [
    .get(path, .write(.contacts), show),
    .get(path + "/suggestions.json", .write(.contacts), suggest),
    .post(path + "/{tag}", .write(.contacts), keepsForms: false, change),
    .post(path + "/{tag}/merge", .write(.contacts), keepsForms: false, merge),
    .post(path + "/{tag}/delete", .write(.contacts), keepsForms: false, delete),
  ]

  private static let listSchema = ViewSchema("tagged list", [("label", .text), ("href", .text)])
  private static let colorSchema = ViewSchema("tag color", [("number", .text), ("label", .text), ("tint", .text), ("on", .bool)])
  private static let tagSchema = ViewSchema(
    "tag-line",
    [
      ("name", .text), ("tint", .text), ("href", .text), ("records", .int), ("lists", .list(.record(listSchema))),
      ("colors", .list(.record(colorSchema))), ("typed", .text), ("error", .optional(.text)), ("isOpen", .bool),
    ])
  private static let schema = ViewSchema("tags", [("tags", .list(.record(tagSchema)))])
  static let pages = ["tags/tags": schema]

  /// More than anybody can look over.
  private static let most = 1_000
  private static let suggestions = 8

  @Sendable private static func show(_ context: RequestContext) throws -> Response { try page(context) }

  private static func page(_ context: RequestContext, failed: (id: RecordID, typed: String, problem: Message)? = nil) throws -> Response {
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
            .text(tag.name), .text(tag.tint), .text(path + "/" + tag.id.text), .int(records),
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
    return try context.page("tags/tags", ViewData(schema, [.list(lines)]), status: failed == nil ? 200 : 422)
  }

  @Sendable private static func suggest(_ context: RequestContext) throws -> Response {
    let q = TextNormalizing.clean(String((context.query["q"] ?? "").prefix(200)))
    let found = try context.store.read { db in q.isEmpty ? [] : try TagStore.suggest(q, limit: suggestions, in: db) }
    let items = found.map {
      JSON.object([
        "id": .string($0.name), "name": .string($0.name), "detail": .string(""), "icon": .string("tag"), "tint": .string($0.tint),
      ])
    }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }

  private static func find(_ context: RequestContext) throws -> Tag {
    let id = try context.id("tag")
    return try context.store.read { db in try context.load(in: db) { db in try TagStore.find(id, in: db) } }
  }

  @Sendable private static func change(_ context: RequestContext) throws -> Response {
    let tag = try find(context)
    var reader = FormReader(try context.form(), single: ["name", "color"])
    let name = reader.line("name", atMost: Tag.longestName)
    if name.isEmpty { reader.problem("name", Message("Enter a name.")) }
    if let problem = Tag.problem(with: name) { reader.problem("name", problem) }
    let color = reader.form["color"].map { Int($0) } ?? tag.color
    guard let color, Tag.colors.indices.contains(color) else { throw HTTPError.badRequest(.notOffered) }
    if let problem = reader.problems[""] { throw HTTPError.badRequest(problem) }
    if let problem = reader.problems["name"] { return try page(context, failed: (tag.id, name, problem)) }
    let isFree = try context.store.write { db in try TagStore.change(tag.id, name: name, color: color, in: db) }
    guard isFree else {
      let problem = Message("There is already a tag “{name}”. Merge the two instead.", ["name": name])
      return try page(context, failed: (tag.id, name, problem))
    }
    return context.redirect(to: path, Flash(Message("The tag “{name}” is saved.", ["name": name])))
  }

  @Sendable private static func merge(_ context: RequestContext) throws -> Response {
    let tag = try find(context)
    let typed = TextNormalizing.clean(try context.form()["into"] ?? "")
    let named = try context.store.read { db in try TagStore.named(typed, in: db)?.id }
    guard let id = named ?? RecordID(typed), id != tag.id, let other = try context.store.read({ db in try TagStore.find(id, in: db) })
    else {
      return try page(context, failed: (tag.id, tag.name, Message("Choose another tag to merge it into.")))
    }
    try remove(tag, movingTo: other.id, context)
    return context.redirect(to: path, Flash(Message("“{name}” is merged into “{other}”.", ["name": tag.name, "other": other.name])))
  }

  @Sendable private static func delete(_ context: RequestContext) throws -> Response {
    let tag = try find(context)
    try remove(tag, movingTo: nil, context)
    return context.redirect(to: path, Flash(Message("The tag “{name}” is deleted.", ["name": tag.name])))
  }

  /// Some records at a time, so that others write in between; the tag itself goes with the last of them.
  private static func remove(_ tag: Tag, movingTo other: RecordID?, _ context: RequestContext) throws {
    var isDone = false
    while !isDone {
      isDone = try context.store.write(.essential) { db in
        if try TagStore.move(tag.id, to: other, in: db) { return false }
        try TagStore.delete(tag.id, in: db)
        return true
      }
    }
  }
}
