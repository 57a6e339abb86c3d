extension AboutField {
  /// A line for each record that a task is about: its id and its name.
  static func lines(of table: String) -> String {
    let names = targets.map { "(SELECT name FROM \($0.table) WHERE id = link.record_id)" }.joined(separator: ", ")
    return """
      (SELECT group_concat(link.record_id || ' ' || coalesce(\(names), ''), char(10)) FROM task_records AS link
        WHERE link.task_id = \(table).id)
      """
  }
}
