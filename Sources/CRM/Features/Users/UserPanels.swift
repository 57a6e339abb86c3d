import Admin
import Base
import Store
import Templating
import Web

/// What a user's page shows besides the fields: how they sign in, the roles and what those allow, the contact that they are.
enum UserPanels {
  static let all = [access, contact]

  private static let roleSchema = ViewSchema("user-role", [("name", .text), ("href", .optional(.text))])
  private static let sessionSchema = ViewSchema(
    "user-session", [("device", .text), ("address", .text), ("seenAt", .text), ("seen", .text)])

  private static let access = RecordPanel(
    place: .main, template: "users/access",
    schema: ViewSchema(
      "user-access",
      [
        ("href", .text), ("roles", .list(.record(roleSchema))), ("mayChange", .bool), ("hasPassword", .bool),
        ("lastSignInAt", .optional(.text)), ("lastSignIn", .text), ("sessions", .list(.record(sessionSchema))),
        ("explainHref", .text), ("activityHref", .optional(.text)), ("mayView", .bool), ("hasTotp", .bool),
      ])
  ) { schema, record, context, db in
    let mayReadRoles = context.may(.read, on: .roles)
    let held = try RoleStore.roles(of: record.id.text, in: db)
    let mayChange = context.may(.full, on: .users) && context.grants.covers(Grants(roles: held), over: context.composition.resources)
    let (hasPassword, lastSignIn, hasTotp) =
      try db.first(
        """
        SELECT password_hash IS NOT NULL, last_sign_in_at, EXISTS (SELECT 1 FROM user_totp WHERE user_id = users.id)
        FROM users WHERE id = \(record.id)
        """
      ) { ($0.bool(0), $0.textOrNil(1), $0.bool(2)) } ?? (false, nil, false)
    let sessions = mayChange ? try SessionStore.live(user: record.id, life: context.settings.sessionLife, now: context.now, in: db) : []
    let formats = context.formats
    return ViewData(
      schema,
      [
        .text(record.header.href),
        .list(
          held.map { role in
            .record(ViewData(roleSchema, [.text(role.name), mayReadRoles ? .text(RecordType.role.path(of: role.id)) : .null]))
          }),
        .bool(mayChange && !record.isTrashed && record["status"].text == "active"), .bool(hasPassword),
        lastSignIn.map { .text($0) } ?? .null, .text(lastSignIn.map { formats.minute($0) } ?? ""),
        .list(
          sessions.map { line in
            .record(
              ViewData(
                sessionSchema,
                [
                  .text(Device.name(of: line.agent) ?? context.language.text("Unknown browser")), .text(line.address), .text(line.seenAt),
                  .text(formats.minute(line.seenAt)),
                ]))
          }),
        .text(URLQuery.append([("user", record.id.text)], to: ExplainPage.path)),
        context.may(.read, on: .activity) ? .text(URLQuery.append([("actor", record.id.text)], to: "/admin/crm/activity")) : .null,
        .bool(mayChange && !record.isTrashed && record["status"].text == "active" && record.id.text != context.session?.user.id.text),
        .bool(mayChange && hasTotp),
      ])
  }

  private static let contact = RecordPanel(
    place: .beforeDetails, template: "users/contact", schema: ViewSchema("user-contact", [("name", .text), ("href", .text)])
  ) { schema, record, context, db in
    let scope = try context.scope(of: .contacts)
    let found = try db.first(
      "SELECT id, name FROM contacts WHERE user_id = \(record.id)\(scope.condition(on: "contacts"))"
    ) { ($0.text(0), $0.text(1)) }
    return found.map { id, name in ViewData(schema, [.text(name), .text(RecordType.contact.path(of: id))]) }
  }
}
