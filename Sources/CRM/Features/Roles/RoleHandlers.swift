import Admin
import Base
import Store
import Templating
import Web

/// What can be done with roles besides editing them: choosing which use the CRM, and looking at the product as one of them.
enum RoleHandlers {
  private static let choicePath = RecordType.role.path + "/crm"

  static let routes: [Route] = [
    .post(choicePath, .full(.roles).and(.full(.settings)), keepsForms: false, choose),
    .post(RecordType.role.path + "/{id}/view-as", .full(.roles), keepsForms: false, viewAs),
  ]

  @Sendable private static func viewAs(_ context: RequestContext) throws -> Response {
    let role = try context.header(of: .role)
    guard role.status == "active" else {
      return context.redirect(to: role.href, Flash(Message("An inactive role gives its users no rights."), kind: .problem))
    }
    let grants = try context.store.read { db in try RoleStore.grants(role.id.text, in: db) }
    return try ViewAs.start(.role(role.id.text), named: role.name, grants: grants, context)
  }

  /// Saves which roles use the CRM: each that changes, as if its own form had been saved.
  @Sendable private static func choose(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let (chosen, offered) = (Set(form.all("uses_crm")), Set(form.all("offered")))
    let type = RecordType.role
    var changed = 0
    var problem: Message?
    _ = try context.act { act -> Outcome in
      (changed, problem) = (0, nil)
      for role in try RoleStore.find("true ORDER BY id", in: act.db)
      where offered.contains(role.id) && role.usesCRM != chosen.contains(role.id) {
        guard let id = RecordID(role.id), let index = type.index(of: "uses_crm"), let record = try type.record(id, in: act.db) else {
          continue
        }
        var values = record.values
        values[index] = role.usesCRM ? .empty : .integer(1)
        switch try type.save(values, over: id, from: record.version, act) {
        case .done: changed += 1
        case .invalid(let errors): problem = errors.first
        case .unchanged, .conflict: break
        }
      }
      return problem.map { .invalid(ValidationErrors("", $0)) } ?? .unchanged(RecordID.make(at: act.now))
    }
    if let problem { return context.redirect(to: panelPath, Flash(problem, kind: .problem)) }
    return context.redirect(to: panelPath, Flash(changed == 0 ? Message("Nothing to change.") : Message("Settings saved.")))
  }

  private static let panelPath = "/admin/settings/crm/roles"

  private static let lineSchema = ViewSchema(
    "crm-role", [("id", .text), ("name", .text), ("href", .text), ("usesCRM", .bool), ("isFixed", .bool), ("users", .int)])

  static let tab = SettingsTab(id: "roles", label: "Roles", place: 10)

  /// The roles with a box for each, on the settings' tab.
  static let panel = PagePanel(
    on: .settings("roles"), template: "roles/choice",
    schema: ViewSchema("crm-roles", [("roles", .list(.record(lineSchema))), ("action", .text), ("mayChange", .bool)])
  ) { schema, context, db in
    let counts = try Dictionary(
      uniqueKeysWithValues: db.all(
        "SELECT role_id, count(*) FROM user_roles JOIN users ON users.id = user_id AND users.status = 'active' GROUP BY role_id"
      ) { ($0.text(0), $0.int(1)) })
    return ViewData(
      schema,
      [
        .list(
          try RoleStore.offered(in: db).map { role in
            let isFixed = role.builtIn?.isUnlimited == true
            return .record(
              ViewData(
                lineSchema,
                [
                  .text(role.id), .text(role.name), .text(RecordType.role.path(of: role.id)), .bool(isFixed || role.usesCRM),
                  .bool(isFixed), .int(counts[role.id] ?? 0),
                ]))
          }), .text(choicePath), .bool(context.may(.full, on: .roles)),
      ])
  }

  /// The way to look at the product as a role, on its page.
  static let viewPanel = RecordPanel(
    place: .beforeDetails, template: "roles/view", schema: ViewSchema("role-view", [("href", .text), ("usersHref", .text)])
  ) { schema, record, context, db in
    guard context.may(.full, on: .roles), !record.isTrashed else { return nil }
    let users = URLQuery.append([("filter", "roles has \(record.id.text)")], to: RecordType.user.path)
    return ViewData(schema, [.text(record.header.href), .text(users)])
  }
}
