import Base
import Store

/// What became of an import that was taken back.
package struct UndoOutcome: Sendable {
  package var deleted = 0
  package var trashed = 0
  package var putBack = 0
  /// Entries of which something was changed since.
  package var left = 0
}

extension Importer {
  private static let entriesAtOnce = 100

  /// Takes an import back, the last entry first: what it created goes, what it changed becomes what it was. What has been changed since stays, field by
  /// field, and is reported. A second run continues with the rest.
  package func undo(_ id: Int, report: @escaping (String) -> Void, progress: @escaping (UndoOutcome) -> Void) throws -> UndoOutcome {
    guard let batch = try store.read({ db in try Batch.find(id, in: db) }), batch.undoes == nil,
      let target = targets.first(where: { $0.name == batch.list })
    else { throw ImportRefusal(description: "there is no import \(id)") }
    let run = BatchUndo(batch: batch, target: target, types: types, principal: principal, now: clock.now())
    try store.writeInSteps(
      committed: {
        run.problems.forEach(report)
        run.problems = []
        progress(run.outcome)
      }
    ) { db in try run.step(Self.entriesAtOnce, in: db) }
    return run.outcome
  }
}

/// The way back of one import, step by step.
final class BatchUndo {
  let batch: Batch
  let target: ImportTarget
  let types: [RecordType]
  let principal: Principal
  let now: Timestamp
  var outcome = UndoOutcome()
  var problems: [String] = []
  private var next: Int
  private var own: Int?
  /// How many records an earlier run took back, which stopped half-way or left some.
  private var before = 0

  private var type: RecordType { target.type }

  init(batch: Batch, target: ImportTarget, types: [RecordType], principal: Principal, now: Timestamp) {
    (self.batch, self.target, self.types, self.principal, self.now) = (batch, target, types, principal, now)
    next = batch.last
  }

  /// Takes the next entries back; `false` when there are no more.
  func step(_ count: Int, in db: Database) throws -> Bool {
    let own = try self.own ?? begin(in: db)
    self.own = own
    let act = ActContext(db: db, principal: principal, now: now, types: types, batch: own)
    let entries = try db.all(
      """
      SELECT seq, action, record_id, record_name, changes, before FROM activity
      WHERE seq BETWEEN \(batch.first) AND \(next) AND batch = \(batch.id) ORDER BY seq DESC LIMIT \(count)
      """
    ) { row in
      ActivityStep(
        batch: batch.id, seq: row.int(0), action: row.text(1), record: row.recordID(2), name: row.text(3),
        changes: Change.list(row.text(4)),
        before: row.text(5))
    }
    let references = try RecordReferences(to: type, in: db)
    for entry in entries { try db.savepoint { try takeBack(entry, references, act) } }
    next = (entries.last?.seq ?? 0) - 1
    let isMore = entries.count == count
    // What has not had its turn counts as left: an undo that is cut short can go on.
    let waiting = isMore ? max(0, next - batch.first + 1) : 0
    try Batch.keep(
      own, created: 0, changed: before + outcome.deleted + outcome.trashed + outcome.putBack, skipped: outcome.left + waiting, in: db)
    return isMore
  }

  private func begin(in db: Database) throws -> Int {
    if let undoing = try batch.undoneBy.flatMap({ try Batch.find($0, in: db) }) {
      before = undoing.records
      return undoing.id
    }
    return try Batch.begin(batch.list, batch.file, undoing: batch.id, by: principal.actor, now: now, in: db)
  }

  private func takeBack(_ entry: ActivityStep, _ references: RecordReferences, _ act: ActContext) throws {
    guard let record = try RecordStore.find(entry.record, of: type, .all, in: act.db) else { return }
    switch entry.action {
    case "\(type.name).created": try remove(record, entry, references, act)
    case "\(type.name).updated": try putBack(record, entry, act)
    case "\(type.name).note_added": try removeNote(record, entry, act)
    default:
      switch try target.takeBack(entry, record.header, act) {
      case .deleted: outcome.deleted += 1
      case .putBack: outcome.putBack += 1
      case .left: leave(entry)
      case .nothing: break
      }
    }
  }

  private func remove(_ record: Record, _ entry: ActivityStep, _ references: RecordReferences, _ act: ActContext) throws {
    let later = try later(than: entry, act)
    if later.contains(where: { $0.action.hasPrefix(type.name + ".") }) { return leave(entry) }
    if try !later.isEmpty || references.exist(to: record.id, in: act.db) {
      // Somebody has hung something on it.
      switch try type.trash(record.header, act) {
      case .done: outcome.trashed += 1
      case .unchanged: break
      case .invalid, .conflict: return leave(entry)
      }
    } else {
      // What it leaves elsewhere, its number or what it had reserved, its rule sees to.
      guard try type.errors(.delete(record.header), act).isEmpty else { return leave(entry) }
      try act.db.run("DELETE FROM \(raw: type.table) WHERE id = \(record.id)")
      try Activity.record("\(type.name).deleted", on: record.header, act)
      outcome.deleted += 1
    }
  }

  private func putBack(_ record: Record, _ entry: ActivityStep, _ act: ActContext) throws {
    let changedSince = Set(try later(than: entry, act).flatMap(\.fields))
    let free = entry.changes.filter { !changedSince.contains($0.field) }
    let former = Revert.form(RecordForm(record, in: .exact).form, puttingBack: entry.before, free, of: type)
    let form = RecordForm(former, of: type, over: record, in: .exact)
    if free.count == entry.changes.count, form.errors.isEmpty, form.values == record.values { return }
    guard !free.isEmpty, form.errors.isEmpty, !record.isTrashed else { return leave(entry) }
    switch try type.save(form.values, over: record.id, from: record.version, as: "reverted", act) {
    case .done: outcome.putBack += 1
    case .unchanged: break
    case .invalid, .conflict: return leave(entry)
    }
    if free.count < entry.changes.count { leave(entry, entry.changes.map(\.field).filter(changedSince.contains)) }
  }

  /// What has happened to the record of an entry since, and to which of its fields: beside this import, and other imports that were undone.
  private func later(than entry: ActivityStep, _ act: ActContext) throws -> [(action: String, fields: [String])] {
    try act.db.all(
      """
      SELECT action, changes FROM activity WHERE record_type = \(type.name) AND record_id = \(entry.record) AND \(entry.changesSince)
      """
    ) { ($0.text(0), Change.list($0.text(1)).map(\.field)) }
  }

  private func removeNote(_ record: Record, _ entry: ActivityStep, _ act: ActContext) throws {
    guard let text = entry.changes.first?.after, let note = record.notes.firstIndex(where: { $0.text == text }) else { return }
    var notes = record.notes
    notes.remove(at: note)
    try RecordStore.set(notes, on: record.id, of: type, act)
    try Activity.record("\(type.name).reverted", on: record.header, changes: [Change(field: "note", before: text, after: "")], act)
    outcome.putBack += 1
  }

  private func leave(_ entry: ActivityStep, _ fields: [String] = []) {
    outcome.left += 1
    let what = fields.isEmpty ? "" : fields.joined(separator: ", ") + " "
    problems.append("\(type.label.lowercased()) \(entry.name) (\(entry.record.text)): \(what)changed since, left as it is")
  }
}
