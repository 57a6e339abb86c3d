package import Store

extension Scope {
  /// What a query over records has to ask besides, ` AND …`: nothing for those who see all of them. `table` is their alias in the query.
  package func condition(on table: String) -> SQL {
    switch self {
    case .all: ""
    case .own(let user, let through):
      through.reduce(" AND (\(raw: table).owner_id = \(user) OR \(raw: table).created_by = \(user)") {
        $0 + " OR \(raw: table).id IN (\($1.ids(of: user)))"
      } + ")"
    case .nothing: " AND false"
    }
  }
}

extension OwningLink {
  /// The ids of the records that a user reaches so, one by one.
  package func ids(of user: String) -> SQL {
    let from: SQL = "SELECT \(raw: column) FROM \(raw: table) WHERE \(raw: column) IS NOT NULL AND status <> 'trashed'"
    // Through the indexes of owners and creators.
    return "\(from) AND owner_id = \(user) UNION \(from) AND created_by = \(user)"
  }
}
