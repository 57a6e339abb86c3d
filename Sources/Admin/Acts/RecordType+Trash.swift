import Base
import Store

/// The trash and the way out of it. Each is one guarded statement: of two who do it at once, one does it, and the other's outcome is `unchanged`.
extension RecordType {
  func trash(_ record: RecordHeader, _ act: ActContext) throws -> Outcome {
    let objections = try errors(.trash(record), act)
    guard objections.isEmpty else { return .invalid(objections) }
    let outcome = try change(
      record, to: "status_before = status, status = 'trashed'", where: "status <> 'trashed'", as: "trashed",
      undo: record.href + "/restore", act)
    if outcome.hasChanged { try whenTrashed?(true, record.id, act) }
    return outcome
  }

  func restore(_ record: RecordHeader, _ act: ActContext) throws -> Outcome {
    let objections = try errors(.restore(record), act)
    guard objections.isEmpty else { return .invalid(objections) }
    let outcome = try change(record, to: "status = status_before, status_before = NULL", where: "status = 'trashed'", as: "restored", act)
    if outcome.hasChanged { try whenTrashed?(false, record.id, act) }
    return outcome
  }

  private func change(
    _ record: RecordHeader, to assignments: SQL, where condition: SQL, as action: String, undo: String? = nil, _ act: ActContext
  ) throws -> Outcome {
    let version = try act.db.value(
      """
      UPDATE \(raw: table) SET \(assignments), version = version + 1, updated_at = \(act.now)
      WHERE id = \(record.id) AND \(condition) RETURNING version
      """)
    guard let version else { return .unchanged(record.id) }
    try Activity.record("\(name).\(action)", on: record, version: version, act)
    return .done(record.id, undo: undo)
  }

  /// Deletes a trashed record permanently. The caller has asked its rule, and removes its files first: the foreign key of folders keeps a record that still has some.
  func delete(_ record: RecordHeader, _ act: ActContext) throws -> Outcome {
    guard try act.db.run("DELETE FROM \(raw: table) WHERE id = \(record.id) AND status = 'trashed'") == 1 else {
      return .unchanged(record.id)
    }
    return try act.done("\(name).deleted", record.id, on: record)
  }
}
