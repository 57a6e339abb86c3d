import Admin
import Base
import Store

extension AboutField {
  /// A line for each record that a task is about and that has a name here: its id and that name.
  static func lines(of table: String, naming name: SQL, from joined: SQL = "") -> SQL {
    """
    (SELECT group_concat(link.record_id || ' ' || \(name), char(10)) FROM task_records AS link\(joined)
      WHERE link.task_id = \(raw: table).id AND \(name) IS NOT NULL)
    """
  }
}

extension TaskStore {
  /// The records that a task is about, by the names that they have now. Of each type the database itself knows the table: by the trigger that makes its
  /// rows of `records`.
  static func records(about task: RecordID, in db: Database) throws -> [AboutField.Choice] {
    let links = try db.all(
      """
      SELECT link.record_id, (SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND name = records.type || '_record_insert')
      FROM task_records AS link JOIN records ON records.id = link.record_id WHERE link.task_id = \(task)
      """
    ) { (id: $0.text(0), table: $0.text(1)) }
    return try links.map { id, table in
      AboutField.Choice(id: id, name: try db.text("SELECT name FROM \(raw: table) WHERE id = \(id)") ?? "")
    }
  }
}
