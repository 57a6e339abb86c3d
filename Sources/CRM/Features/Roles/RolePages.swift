import Admin
import Base
import Store
import Web

/// The users of a role, each role that uses the CRM with a page of its own; and the users that are organizations.
enum RolePages {
  private static let organizationsPath = "/admin/crm/organizations"

  static let routes =
    ListHandlers.routes("/admin/crm/role/{id}", access, role)
    + ListHandlers.routes(organizationsPath, access) { _ in organizations }

  /// For those who use the CRM and may see users.
  private static let access = Access.see(.users).and(.see(.live))

  private static func path(of role: String) -> String { "/admin/crm/role/" + role }

  /// 404 for one that wasn't chosen to use the CRM, or was once.
  @Sendable private static func role(_ context: RequestContext) throws -> ListDefinition {
    let id = try context.id().text
    guard let role = try context.store.read({ db in try RoleStore.chosen("id = \(id)", in: db).first }) else {
      throw HTTPError.notFound
    }
    return RecordType.user.list.narrowed(
      to: .where("roles", .has, id), name: "role:" + id, title: role.name, path: path(of: id), newFrom: [("roles", role.name)],
      defaultColumns: ["name", "email", "username", "status", "created_at"])
  }

  private static let organizations = RecordType.user.list.narrowed(
    to: .where("account_type", .isAnyOf, "organization"), name: "organizations", title: "Organizations", path: organizationsPath,
    newFrom: [("account_type", "organization")], defaultColumns: ["name", "organization_name", "email", "status", "created_at"])

  /// The lines of the sidebar, for those who use the CRM and may see users.
  @Sendable static func menu(_ context: RequestContext, _ db: Database) throws -> [MenuItem] {
    guard context.may(.readOwn, on: .users), context.may(.readOwn, on: .live) else { return [] }
    let line = MenuItem(label: "Organizations", path: organizationsPath, icon: "building", resource: .users, group: .people)
    return try [line]
      + RoleStore.pages(in: db).map {
        MenuItem(label: $0.name, path: path(of: $0.id), icon: "people", resource: .users, group: .people, isNamed: true)
      }
  }
}
