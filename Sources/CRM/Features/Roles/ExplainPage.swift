import Admin
import Base
import Store
import Templating
import Web

/// May this user do this to that record, and by which rule?
enum ExplainPage {
  static let path = "/admin/roles/explain"

  static let routes: [Route] = [.get(path, .needs(.read, on: .roles).and(.needs(.read, on: .users)), show)]

  private static let stepSchema = ViewSchema("explanation-step", [("isFor", .bool), ("text", .text)])
  static let shape = ViewSchema(
    "explain",
    [
      ("users", .html), ("acts", .html), ("parts", .html), ("record", .text), ("recordError", .optional(.text)), ("isAnswered", .bool),
      ("isAllowed", .bool), ("question", .text), ("steps", .list(.record(stepSchema))),
    ])

  /// What can be asked about, with the level that it needs.
  private static let acts: [(value: String, label: String, level: Level)] = [
    ("view", "View", .readOwn), ("edit", "Edit, move to trash, restore", .write), ("delete", "Delete permanently", .full),
  ]

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let query = context.query
    let act = acts.first { $0.value == query["act"] } ?? acts[0]
    let asked = TextNormalizing.clean(query["record"] ?? "")
    let resources = context.composition.resources
    let part = resources.first { $0.name == query["part"] } ?? resources[0]
    return try context.store.read { db in
      let record = asked.isEmpty ? nil : try find(asked, context, db)
      let isUnknown = !asked.isEmpty && record == nil
      let users = try db.all("SELECT id, name, email FROM users WHERE status <> 'trashed' ORDER BY name_sort, id LIMIT 5000") {
        ($0.text(0), $0.text(1) + " – " + $0.text(2))
      }
      let answer =
        try isUnknown
        ? nil
        : RecordID(query["user"] ?? "").flatMap { user in try explain(user, act.level, part, record, isCRMOn: context.settings.isCRMOn, db)
        }
      return try context.page(
        "roles/explain",
        ViewData(
          shape,
          [
            Choices(users).options(selected: query["user"] ?? users.first?.0 ?? ""),
            context.choices(acts.map { ($0.value, $0.label) }).options(selected: act.value),
            context.choices(resources.map { ($0.name, $0.label) }).options(selected: record?.type.resource.name ?? part.name),
            .text(asked), isUnknown ? .text(context.text(Message("There is no such record, or you can’t see it."))) : .null,
            .bool(answer != nil), .bool(answer?.isAllowed == true),
            .text(record?.header.name ?? context.language.text(part.label)),
            .list(
              (answer?.steps ?? []).map { step in
                .record(ViewData(stepSchema, [.bool(step.isFor), .text(context.text(step.text))]))
              }),
          ]), status: isUnknown ? 422 : 200)
    }
  }

  /// A record by its address or its id, among those that the visitor may see.
  private static func find(_ text: String, _ context: RequestContext, _ db: Database) throws -> (type: RecordType, header: RecordHeader)? {
    let parts = text.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").map(String.init)
    for id in parts.reversed().lazy.compactMap({ RecordID($0) }) {
      guard let (type, _) = try context.reach.find(id.text, in: db), let header = try type.header(id, context.scope(of: type.resource), db)
      else { continue }
      return (type, header)
    }
    return nil
  }

  static func explain(
    _ user: RecordID, _ level: Level, _ part: Resource, _ record: (type: RecordType, header: RecordHeader)?, isCRMOn: Bool = true,
    _ db: Database
  ) throws -> Explanation? {
    guard let (name, status) = try db.first("SELECT name, status FROM users WHERE id = \(user)", { ($0.text(0), $0.text(1)) }) else {
      return nil
    }
    let active = Set(try RoleStore.find("status = 'active'", in: db).map(\.id))
    let roles = try RoleStore.roles(of: user.text, in: db).map { (role: $0, isActive: active.contains($0.id)) }
    let account = Explanation.Account(name: name, isActive: status == "active", roles: roles)
    guard let (type, header) = record else { return Explanation(account, level, on: part, isCRMOn: isCRMOn) }
    let (owner, creator) =
      try db.first("SELECT owner_id, created_by FROM \(raw: type.table) WHERE id = \(header.id)") { ($0.textOrNil(0), $0.textOrNil(1)) }
      ?? (nil, nil)
    let link = try type.resource.ownThrough.first { link in
      try db.value("SELECT 1 WHERE \(header.id) IN (\(link.ids(of: user.text)))") != nil
    }
    return Explanation(
      account, level, on: type.resource,
      of: Explanation.Subject(
        name: header.name, isOwned: owner == user.text, isCreated: creator == user.text, link: link, isTrashed: header.isTrashed),
      isCRMOn: isCRMOn)
  }
}
