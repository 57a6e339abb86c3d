package import Store

extension Scope {
  /// What a query over records has to ask besides, ` AND …`: nothing for those who see all of them. `table` is their alias in the query.
  package func condition(on table: String) -> SQL {
    switch self {
    case .all: ""
    case .own(let user): " AND (\(raw: table).owner_id = \(user) OR \(raw: table).created_by = \(user))"
    case .nothing: " AND false"
    }
  }
}
