import Admin
import Base
import Store

/// All SQL over roles that is special.
enum RoleStore {
  /// A role's name and what it gives, active or not.
  static func find(_ condition: SQL, in db: Database) throws -> [RoleGrants] {
    try db.all("SELECT id, name, uses_crm, grants FROM roles WHERE \(condition)") {
      RoleGrants(id: $0.text(0), name: $0.text(1), usesCRM: $0.bool(2), levels: RoleGrants.levels($0.text(3)))
    }
  }

  static func grants(_ id: String, in db: Database) throws -> Grants { Grants(roles: try find("id = \(id)", in: db)) }

  /// Those of a user, in the order of their names.
  static func roles(of user: String, in db: Database) throws -> [RoleGrants] {
    try find("id IN (SELECT role_id FROM user_roles WHERE user_id = \(user)) ORDER BY name_sort, id", in: db)
  }

  /// Those that were chosen to use the CRM. Owners and admins always do, and have no page.
  static func chosen(_ condition: SQL, in db: Database) throws -> [RoleGrants] {
    try find("(\(condition)) AND uses_crm AND status = 'active' ORDER BY id", in: db).filter { $0.builtIn?.isUnlimited != true }
  }

  /// Those that can be given to users, in the order of their ids: the built-in ones first.
  static func offered(in db: Database) throws -> [RoleGrants] { try find("status = 'active' ORDER BY id", in: db) }
}
