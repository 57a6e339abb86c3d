package import Store

extension Scope {
  /// What a query over records has to ask besides, ` AND …`: nothing for those who see all of them. `table` is their alias in the query.
  package func condition(on table: String) -> SQL {
    switch self {
    case .all: ""
    case .own(let user, let through):
      through.reduce(" AND (\(raw: table).owner_id = \(user) OR \(raw: table).created_by = \(user)") {
        $0 + " OR \($1.reaches(table, user))"
      } + ")"
    case .nothing: " AND false"
    }
  }
}

extension OwningLink {
  /// Whether a record is reached so: asked of one record, whose links are few, rather than of all that a user owns.
  fileprivate func reaches(_ record: String, _ user: String) -> SQL {
    """
    EXISTS (SELECT 1 FROM \(raw: table) AS owning WHERE owning.\(raw: column) = \(raw: record).id AND owning.status <> 'trashed'
      AND (owning.owner_id = \(user) OR owning.created_by = \(user)))
    """
  }

  /// The ids of the records that a user reaches so, one by one.
  package func ids(of user: String) -> SQL {
    let from: SQL = "SELECT \(raw: column) FROM \(raw: table) WHERE \(raw: column) IS NOT NULL AND status <> 'trashed'"
    // Through the indexes of owners and creators.
    return "\(from) AND owner_id = \(user) UNION \(from) AND created_by = \(user)"
  }
}
