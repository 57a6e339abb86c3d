import Admin
import Store

extension MembershipsField {
  /// The JSON of a contact's memberships, the primary one first: the contact's row has the name of its company already. `seen` is the condition on
  /// `target`, a company, for somebody who may not see all of them.
  static func documents(of table: String, seen: SQL? = nil) -> SQL {
    let own: SQL =
      "iif(m.company_id = \(raw: table).company_id, \(raw: table).company_name, (SELECT name FROM companies WHERE id = m.company_id))"
    let (name, companies): (SQL, SQL) =
      if let seen { ("target.name", " JOIN companies AS target ON target.id = m.company_id\(seen)") } else { (own, "") }
    return """
      (SELECT json_group_array(json_object('company', json_object('id', company_id, 'name', name), 'role', role, 'department', department,
          'primary', json(iif(is_primary, 'true', 'false'))))
        FROM (SELECT m.company_id, \(name) AS name, m.role, m.department, m.is_primary
          FROM memberships AS m\(companies) WHERE m.contact_id = \(raw: table).id ORDER BY m.is_primary DESC, m.id))
      """
  }
}
