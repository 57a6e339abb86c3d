import Admin
import Base
import Store

/// All SQL over roles that is special.
enum RoleStore {
  static func find(_ condition: SQL, in db: Database) throws -> [RoleGrants] { try RoleGrants.find(condition, in: db) }

  static func grants(_ id: String, in db: Database) throws -> Grants { Grants(roles: try find("id = \(id)", in: db)) }

  /// Those of a user, in the order of their names.
  static func roles(of user: String, in db: Database) throws -> [RoleGrants] {
    try find("id IN (SELECT role_id FROM user_roles WHERE user_id = \(user)) ORDER BY name_sort, id", in: db)
  }

  /// Those that were chosen to use the CRM. Owners and admins always do, and have no page.
  static func chosen(_ condition: SQL, in db: Database) throws -> [RoleGrants] {
    try find("(\(condition)) AND uses_crm AND status = 'active' ORDER BY id", in: db).filter { $0.builtIn?.isUnlimited != true }
  }

  /// The ids and names of those, for every page's sidebar.
  static func pages(in db: Database) throws -> [(id: String, name: String)] {
    try db.all(
      """
      SELECT id, name FROM roles WHERE uses_crm AND status = 'active' AND id NOT IN (\(Role.owner.id), \(Role.admin.id)) ORDER BY id
      """
    ) { ($0.text(0), $0.text(1)) }
  }

  /// Those that can be given to users, in the order of their ids: the built-in ones first.
  static func offered(in db: Database) throws -> [RoleGrants] { try find("status = 'active' ORDER BY id", in: db) }
}
