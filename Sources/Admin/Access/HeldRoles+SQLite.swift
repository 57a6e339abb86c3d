package import Store

extension HeldRoles {
  /// The active roles of a user in one text, with what each gives.
  package static func sql(user: SQL) -> SQL {
    """
    (SELECT group_concat(r.id || char(31) || r.uses_crm || char(31) || r.grants || char(31) || r.name, char(30))
      FROM user_roles JOIN roles AS r ON r.id = user_roles.role_id WHERE user_roles.user_id = \(user) AND r.status = 'active')
    """
  }
}
