import Admin
import Base
import Store
import Templating
import Web

/// The rights of all roles in one table: a row for each part of the product, a column for each role. Saving changes each role as its own form would.
enum RightsPage {
  static let path = "/admin/roles/rights"

  static let routes: [Route] = [
    .get(path, .needs(.read, on: .roles)) { try page($0) },
    .post(path, .full(.roles), draft: { try page($0, $0.form()) }, save),
  ]

  private static let cellSchema = ViewSchema(
    "rights-cell", [("input", .text), ("role", .text), ("level", .text), ("options", .html), ("mayChange", .bool)])
  private static let lineSchema = ViewSchema("rights-line", [("label", .text), ("cells", .list(.record(cellSchema)))])
  private static let roleSchema = ViewSchema(
    "rights-role", [("name", .text), ("href", .text), ("version", .text), ("input", .text), ("usesCRM", .bool)])
  static let shape = ViewSchema(
    "rights",
    [
      ("roles", .list(.record(roleSchema))), ("lines", .list(.record(lineSchema))), ("mayChange", .bool), ("problem", .optional(.text)),
    ])

  /// An input of one role; `what` is a resource, or the version.
  private static func input(_ role: Record, _ what: String) -> String { "\(role.id.text) \(what)" }

  private static func records(in db: Database) throws -> [Record] {
    try RoleStore.offered(in: db).compactMap { role in try RecordID(role.id).flatMap { try RecordType.role.record($0, in: db) } }
  }

  /// As it was typed, if it was; otherwise as it is stored.
  private static func page(_ context: RequestContext, _ form: FormFields = FormFields([]), problem: Message? = nil) throws -> Response {
    let mayChange = context.may(.full, on: .roles)
    let language = context.language
    return try context.store.read { db in
      let roles = try records(in: db)
      let lines = context.composition.resources.map { resource -> Value in
        let cells = roles.map { role -> Value in
          let stored = GrantsField.levels(role["grants"])[resource.name] ?? .none
          let builtIn = Role(id: role.id.text)
          let level = builtIn?.isUnlimited == true ? .full : form[input(role, resource.name)].flatMap { Level(name: $0) } ?? stored
          let offered = resource.levels.map { ($0.name, $0.label(on: resource)) }
          return .record(
            ViewData(
              cellSchema,
              [
                .text(input(role, resource.name)), .text(role.name), .text(language.text(level.label(on: resource))),
                context.choices(offered).options(selected: level.name), .bool(mayChange && builtIn?.isUnlimited != true),
              ]))
        }
        return .record(ViewData(lineSchema, [.text(language.text(resource.label)), .list(cells)]))
      }
      let heads = roles.map { role -> Value in
        .record(
          ViewData(
            roleSchema,
            [
              // The present one: what was chosen is shown beside the message, to be looked at and saved again.
              .text(role.name), .text(role.header.href), .text(String(role.version)),
              .text(input(role, "version")), .bool(!role["uses_crm"].isEmpty),
            ]))
      }
      return try context.page(
        "roles/rights",
        ViewData(shape, [.list(heads), .list(lines), .bool(mayChange), problem.map { .text(context.text($0)) } ?? .null]),
        status: problem == nil ? 200 : 422)
    }
  }

  /// All roles that changed, or none.
  @Sendable private static func save(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let type = RecordType.role
    var (changed, problem): (Int, Message?) = (0, nil)
    struct Stop: Error {}
    do {
      _ = try context.act { act -> Outcome in
        (changed, problem) = (0, nil)
        for role in try records(in: act.db) where Role(id: role.id.text)?.isUnlimited != true {
          guard let version = form[input(role, "version")].flatMap({ Int($0) }), let index = type.index(of: "grants") else { continue }
          let sent = act.resources.compactMap { resource in form[input(role, resource.name)].map { "\(resource.name)=\($0)" } }
          var values = role.values
          do throws(InvalidValue) {
            values[index] = try GrantsField().parse(sent.joined(separator: " "))
          } catch {
            problem = error.message
            throw Stop()
          }
          switch try type.save(values, over: role.id, from: version, act) {
          case .done: changed += 1
          case .unchanged: break
          case .conflict:
            problem = Message("Someone else has changed the rights of {name}. Check your choices, then save again.", ["name": role.name])
            throw Stop()
          case .invalid(let errors):
            problem = Message("{name}: {problem}", ["name": role.name, "problem": errors.first.map(context.text) ?? ""])
            throw Stop()
          }
        }
        return .unchanged(RecordID.make(at: act.now))
      }
    } catch is Stop {
      return try page(context, form, problem: problem)
    }
    return context.redirect(to: path, Flash(changed == 0 ? Message("Nothing to change.") : Message("Rights saved.")))
  }
}
