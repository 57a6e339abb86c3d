extension UserRolesField {
  /// The names of a user's roles.
  static func names(of table: String) -> String {
    """
    (SELECT group_concat(name, ', ') FROM (SELECT roles.name FROM user_roles JOIN roles ON roles.id = user_roles.role_id
      WHERE user_roles.user_id = \(table).id ORDER BY roles.id))
    """
  }
}
