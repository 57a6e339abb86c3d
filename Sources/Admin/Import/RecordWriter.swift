import Base
import Store

/// Writes the rows of a file one by one, by the acts that forms use.
struct RecordWriter {
  let job: RecordImport
  let act: ActContext

  private var type: RecordType { job.type }

  func write(_ row: RecordImport.Prepared) throws -> Written {
    guard let id = try job.find(row.id, in: act.db), let stored = try RecordStore.find(id, of: type, .all, in: act.db) else {
      return try create(row)
    }
    return try change(stored, row)
  }

  private func create(_ row: RecordImport.Prepared) throws -> Written {
    if let missing = job.columns.missing.first {
      throw ImportProblem(line: row.line, reason: "a new record needs the column “\(missing)”, which the file doesn’t have")
    }
    var values = job.blank
    for (carried, value) in zip(job.columns.fields, row.values) { values[carried.index] = value }
    try refuseTrash(values, row)
    switch try type.create(values, note: row.note, from: RecordImport.origin(row), act) {
    case .invalid(let errors): throw job.problem(errors, row)
    case .conflict, .done, .unchanged: return .created
    }
  }

  func refuseTrash(_ values: [FieldValue], _ row: RecordImport.Prepared) throws {
    guard let status = job.columns.fields.first(where: \.isStatus) else { return }
    if values[status.index] == .text(RecordType.trashed) { throw ImportProblem(row.line, status.heading, .notOffered) }
  }

  private func change(_ stored: Record, _ row: RecordImport.Prepared) throws -> Written {
    var wanted = stored.values
    for (carried, value) in zip(job.columns.fields, row.values) {
      switch carried.place {
      case .whole: wanted[carried.index] = value
      case .parts(let places, let columns):
        wanted[carried.index] = columns.combine(try job.texts(places, columns, for: carried, row.row), stored.values[carried.index])
      }
    }
    let changes = try type.named(wanted, over: stored.values, act).changes(from: stored.values, of: type)
    let isNoted = row.note.isEmpty || stored.notes.contains { $0.text == row.note }
    if changes.isEmpty, isNoted { return .unchanged }
    if stored.isTrashed { throw ImportProblem(line: row.line, reason: "“\(stored.name)” is in the trash; restore it first") }
    try refuseTrash(wanted, row)
    if !job.importer.options.overwrites, let later = try laterChange(Set(changes.map(\.field)), of: stored, row) {
      throw ImportProblem(line: row.line, reason: later)
    }
    if !changes.isEmpty, case .invalid(let errors) = try type.save(wanted, over: stored.id, from: stored.version, act) {
      throw job.problem(errors, row)
    }
    if !isNoted { _ = try type.addNote(row.note, to: stored.header, act) }
    return .changed
  }

  /// Why a row may not change fields: a person has changed one of them later than what the row says. Later than the row's own time, if it has one, else
  /// than the last import of the record, else than the file.
  private func laterChange(_ fields: Set<String>, of stored: Record, _ row: RecordImport.Prepared) throws -> String? {
    // A time to come says nothing of what the file knew.
    let updated = row.updated.flatMap { $0 <= act.now ? $0 : nil }
    if stored.version == 1, stored.updatedAt == stored.createdAt, updated == nil { return nil }
    let entries = try act.db.all(
      """
      SELECT at, actor_id IS NOT NULL, actor_name, changes, batch IS NOT NULL FROM activity
      WHERE record_type = \(type.name) AND record_id = \(stored.id) ORDER BY seq DESC
      """
    ) { (at: $0.text(0), isByPerson: $0.bool(1), by: $0.text(2), changes: $0.text(3), isImported: $0.bool(4)) }
    let since: String
    let later: ArraySlice<(at: String, isByPerson: Bool, by: String, changes: String, isImported: Bool)>
    if updated == nil, let last = entries.firstIndex(where: \.isImported) {
      (since, later) = ("the last import", entries[..<last])
    } else {
      let time = (updated ?? job.file.time).text
      (since, later) = (updated == nil ? "the file" : "the row’s time", entries.prefix { $0.at > time })
    }
    for entry in later where entry.isByPerson && !entry.isImported {
      guard let change = Change.list(entry.changes).first(where: { fields.contains($0.field) }) else { continue }
      let heading = job.columns.fields.first { $0.field.name == change.field }?.heading ?? change.field
      return "\(heading): \(entry.by) has changed it later than \(since); --overwrite writes over it"
    }
    return nil
  }
}
