import Admin
import Base
import Store

extension RecordType {
  /// What a group of users may do.
  static let role: RecordType = RecordType(
    "role", label: "Role", icon: "shield-lock", emblem: .icon, resource: .roles,
    words: Words(new: "New role", create: "Create role", inTrash: "This role is in the trash. Restore it to make changes."),
    sections: [
      FormSection(
        id: "role", title: "Role", hint: "What a group of users may do. A user can have several roles and may do what any of them allows.",
        fields: [
          Field("name", "Name", RoleNameField(), missing: "Enter a name.", isSearched: true, isDetail: false, isUnique: true),
          Field("description", "Description", LineField(), isSearched: true),
          Field("status", "Status", StatusField(), hint: "An inactive role gives its users no rights.", size: .third, isDetail: false),
          Field(
            "uses_crm", "CRM access", FlagField(),
            hint: "Without this, the role gives no access to the CRM, whatever its other rights."),
        ]),
      FormSection(
        id: "rights", title: "Rights", hint: "What users with this role may do.",
        fields: [Field("grants", "Rights", GrantsField())]),
    ],
    list: ListDefinition(
      name: "roles", title: "Roles", path: "/admin/roles", icon: "shield-lock", resource: .roles, table: "roles",
      searchTable: "role_search",
      columns: [
        ListColumn(
          Column("users", "Users", .number, reads: [usersOfRole]), NumberComparison(DecimalField(places: 0)),
          FieldPlace(column: usersOfRole, empty: .never))
      ],
      defaultColumns: ["name", "users", "uses_crm", "description", "status"],
      defaultSort: "name",
      words: ListDefinition.Words(
        newRecord: "New role", searchHint: "Name or description", one: "{n} role", many: "{n} roles", emptyTitle: "No roles yet",
        emptyText: "Roles say what users may do.")),
    line: ["description"], panels: [RoleHandlers.viewPanel], isAnchor: false, isImported: false, rule: rules)

  /// Owners and admins may do everything, and no built-in role goes.
  @Sendable private static func rules(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    if let objection = try objection(to: change, act) { return objection }
    guard let id = change.record?.text else { return ValidationErrors() }
    let builtIn = Role(id: id)
    switch change {
    case .save(let record, let values) where builtIn?.isUnlimited == true:
      for name in ["status", "uses_crm", "grants"] {
        if let index = role.index(of: name), values[index] != record.values[index] {
          return ValidationErrors(name, Message("Owners and admins may do everything. This can’t be changed."))
        }
      }
    case .trash where builtIn != nil, .delete where builtIn != nil:
      return ValidationErrors("", Message("Built-in roles can’t be deleted. You can make the role inactive instead."))
    default: break
    }
    let held = try RoleStore.grants(id, in: act.db)
    guard act.principal.covers(held, over: act.resources) else {
      return ValidationErrors("", Message("This role has more rights than you. Ask an owner or admin."))
    }
    return ValidationErrors()
  }

  /// To what a role would be called, or give: no two names read the same, and nobody gives what they don't have.
  private static func objection(to change: ProposedChange, _ act: ActContext) throws -> ValidationErrors? {
    let (id, values): (String, [FieldValue])
    switch change {
    case .create(let new): (id, values) = ("", new)
    case .save(let record, let new): (id, values) = (record.id.text, new)
    default: return nil
    }
    guard let name = role.index(of: "name"), let usesCRM = role.index(of: "uses_crm"), let grants = role.index(of: "grants") else {
      return nil
    }
    if try RoleStore.find("id <> \(id)", in: act.db).contains(where: { TextFolding.isSame($0.name, values[name].text) }) {
      return ValidationErrors("name", Message("Another role has this name."))
    }
    let given = RoleGrants(
      id: id, name: values[name].text, usesCRM: !values[usesCRM].isEmpty, levels: GrantsField.levels(values[grants]))
    return act.principal.covers(Grants(roles: [given]), over: act.resources)
      ? nil : ValidationErrors("", Message("This role has more rights than you. Ask an owner or admin."))
  }

  private static let usersOfRole =
    "(SELECT count(*) FROM user_roles JOIN users ON users.id = user_roles.user_id AND users.status = 'active' WHERE user_roles.role_id = roles.id)"
}

extension RecordTarget {
  static let role = RecordTarget(table: "roles", path: "/admin/roles", resource: .roles)
}
