import Admin
import Base
import Store

/// All SQL over tasks that isn't made from their fields.
enum TaskStore {
  /// Who has done it and when, as long as it is done.
  @Sendable static func note(_ status: String, _ task: RecordID, _ act: ActContext) throws {
    let isDone = status == RecordStatus.done.value
    try act.db.run(
      """
      UPDATE tasks SET done_at = \(isDone ? act.now.text : nil), done_by = \(isDone ? act.actor.id : nil) WHERE id = \(task)
      """)
  }

  /// `nil` while it is open.
  static func completion(of task: RecordID, in db: Database) throws -> (at: String, by: String)? {
    try db.first(
      """
      SELECT done_at, coalesce((SELECT name FROM users WHERE users.id = done_by), '') FROM tasks WHERE id = \(task) AND done_at IS NOT NULL
      """
    ) { ($0.text(0), $0.text(1)) }
  }

  // MARK: What tasks are about

  static func link(_ task: RecordID, to records: [RecordID], in db: Database) throws {
    try db.run("DELETE FROM task_records WHERE task_id = \(task) AND record_id NOT IN \(SQL.list(records))")
    for record in records {
      try db.run("INSERT INTO task_records (task_id, record_id) VALUES (\(task), \(record)) ON CONFLICT DO NOTHING")
    }
  }

  /// The records of any type with this id or name that who acts may see, two at most. A task is not about itself.
  static func records(_ choice: AboutField.Choice, _ act: ActContext) throws -> [AboutField.Choice] {
    var found: [AboutField.Choice] = []
    for type in act.types where found.count < 2 {
      let scope = act.principal.scope(of: type.resource)
      let wanted: SQL =
        choice.id.isEmpty ? "target.name_sort = \(TextFolding.fold(choice.name))" : "target.id = \(choice.id)"
      found += try act.db.all(
        """
        SELECT target.id, target.name FROM \(raw: type.table) AS target
        WHERE \(wanted) AND target.status <> 'trashed'\(scope.condition(on: "target")) LIMIT 2
        """
      ) { AboutField.Choice(id: $0.text(0), name: $0.text(1)) }.filter { $0.id != act.record?.text }
    }
    return found
  }

  // MARK: What is due

  struct Line: Sendable {
    let id: String
    let title: String
    let dueOn: String
    let dueTime: String
    let assignee: String
  }

  private static let columns =
    "tasks.id, tasks.name, tasks.due_on, tasks.due_time, coalesce((SELECT users.name FROM users WHERE users.id = tasks.owner_id), '')"

  private static func line(_ row: borrowing Row) -> Line {
    Line(id: row.text(0), title: row.text(1), dueOn: row.text(2), dueTime: row.text(3), assignee: row.text(4))
  }

  /// Somebody's open tasks that are due on a day or before it.
  private static func due(_ user: RecordID, by day: Day) -> SQL {
    "FROM tasks WHERE owner_id = \(user) AND status = 'open' AND due_on <> '' AND due_on <= \(day.text)"
  }

  static func due(_ user: RecordID, by day: Day, limit: Int, in db: Database) throws -> [Line] {
    try db.all("SELECT \(raw: columns) \(due(user, by: day)) ORDER BY due_on, due_time, seq LIMIT \(limit)", line)
  }

  static func countOfDue(_ user: RecordID, by day: Day, upTo limit: Int, in db: Database) throws -> Int {
    try db.value("SELECT count(*) FROM (SELECT 1 \(due(user, by: day)) LIMIT \(limit))") ?? 0
  }

  /// The open tasks about a record that somebody may see; those without a day come last.
  static func open(about record: RecordID, _ scope: Scope, limit: Int, in db: Database) throws -> [Line] {
    // Most records have none, and SQLite makes ready to sort before it has looked.
    guard try db.value("SELECT EXISTS (SELECT 1 FROM task_records WHERE record_id = \(record))") == 1 else { return [] }
    return try db.all(
      """
      SELECT \(raw: columns) FROM task_records AS link JOIN tasks ON tasks.id = link.task_id
      WHERE link.record_id = \(record) AND tasks.status = 'open'\(scope.condition(on: "tasks"))
      ORDER BY tasks.due_on = '', tasks.due_on, tasks.due_time, tasks.seq LIMIT \(limit)
      """, line)
  }
}
