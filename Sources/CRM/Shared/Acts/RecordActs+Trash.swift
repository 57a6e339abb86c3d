import Base
import Store

/// The trash and the way out of it. Each is one guarded statement: of two who do it at once, one does it, and the other's outcome has no entry.
extension RecordType {
  func trash(_ record: RecordHeader, _ act: ActContext) throws -> Outcome {
    try change(record, to: "status_before = status, status = 'trashed'", where: "status <> 'trashed'", as: "trashed", act)
  }

  func restore(_ record: RecordHeader, _ act: ActContext) throws -> Outcome {
    try change(record, to: "status = status_before, status_before = NULL", where: "status = 'trashed'", as: "restored", act)
  }

  private func change(
    _ record: RecordHeader, to assignments: SQL, where condition: SQL, as action: String, _ act: ActContext
  ) throws -> Outcome {
    let version = try act.db.value(
      """
      UPDATE \(raw: table) SET \(assignments), version = version + 1, updated_at = \(act.now)
      WHERE id = \(record.id) AND \(condition) RETURNING version
      """)
    guard let version else { return .done(record.id, entry: nil) }
    let entry = try Activity.record(
      "\(name).\(action)", type: name, id: record.id, name: record.name, version: version, by: act.actor, batch: act.batch, now: act.now,
      in: act.db)
    return .done(record.id, entry: entry)
  }

  /// Removes what is in the trash for good. The caller removes its files first: the foreign key of folders keeps a record that still has some.
  func delete(_ record: RecordHeader, _ act: ActContext) throws -> Outcome {
    guard try act.db.run("DELETE FROM \(raw: table) WHERE id = \(record.id) AND status = 'trashed'") == 1 else {
      return .done(record.id, entry: nil)
    }
    let entry = try Activity.record(
      "\(name).deleted", type: name, id: record.id, name: record.name, by: act.actor, batch: act.batch, now: act.now,
      in: act.db)
    return .done(record.id, entry: entry)
  }

  /// Notes don't count as a new version: a note never stands in the way of somebody's open form.
  func addNote(_ text: String, to record: RecordHeader, _ act: ActContext) throws -> Outcome {
    let note = Note(text: text, by: act.actor.name, at: act.now.text)
    try act.db.run(
      """
      UPDATE \(raw: table) SET notes = json_insert(notes, '$[#]', json(\(note.json.text))), updated_at = \(act.now)
      WHERE id = \(record.id)
      """)
    let change = Change(field: "note", before: "", after: text)
    let entry = try Activity.record(
      "\(name).note_added", type: name, id: record.id, name: record.name, changes: [change], by: act.actor, batch: act.batch, now: act.now,
      in: act.db)
    return .done(record.id, entry: entry)
  }
}

extension Outcome {
  /// Whether anything was changed.
  var hasChanged: Bool {
    if case .done(_, entry: .some) = self { true } else { false }
  }
}
