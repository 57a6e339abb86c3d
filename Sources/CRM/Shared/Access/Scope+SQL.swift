import Store

extension Scope {
  /// What a query over records has to ask besides, ` AND …`: nothing for those who see all of them. `table` is their alias in the query.
  func condition(on table: String) -> SQL {
    guard case .own(let user) = self else { return "" }
    return " AND (\(raw: table).owner_id = \(user) OR \(raw: table).created_by = \(user))"
  }
}
