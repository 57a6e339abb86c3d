package import Base
import Store

extension ActContext {
  /// What speaks against deciding on a user: they may do more. Roles that are inactive count too, since they may become active again.
  package func objection(to user: RecordID) throws -> Message? {
    let roles = try RoleGrants.find("id IN (SELECT role_id FROM user_roles WHERE user_id = \(user))", in: db)
    return principal.covers(Grants(roles: roles), over: resources)
      ? nil : Message("This user has more rights than you. Ask an owner or admin.")
  }
}
