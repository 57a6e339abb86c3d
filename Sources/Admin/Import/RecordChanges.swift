import Base
import Store

/// Changes records that are there as the rows of a file say, by the act that forms use.
package struct RecordChanges {
  private let type: RecordType
  private let batch: ImportBatch
  private let act: ActContext
  /// The heading of a field or of an input of its form, by which problems are told.
  private let heading: (String) -> String

  package init(_ type: RecordType, _ batch: ImportBatch, _ act: ActContext, heading: @escaping (String) -> String) {
    (self.type, self.batch, self.act, self.heading) = (type, batch, act, heading)
  }

  /// Saves one field.
  package func save(_ field: String, as value: FieldValue, of stored: Record, line: Int) throws -> Written {
    var wanted = stored.values
    if let index = type.index(of: field) { wanted[index] = value }
    return try save(wanted, over: stored, line: line)
  }

  /// Saves values and a note, unless a person has changed the same fields later; `updated` is the row's own time.
  func save(
    _ wanted: [FieldValue], note: String = "", over stored: Record, line: Int, updated: Timestamp? = nil
  ) throws -> Written {
    var wanted = wanted
    for (index, field) in type.fields.enumerated() where field.isReadOnly { wanted[index] = stored.values[index] }
    let changes = try type.named(wanted, over: stored.values, act).changes(from: stored.values, of: type)
    let isNoted = try note.isEmpty || stored.notes.contains { $0.text == note } || Activity.hadNote(note, stored.header, in: act.db)
    if changes.isEmpty, isNoted { return .unchanged }
    if stored.isTrashed { throw ImportProblem(line: line, reason: "“\(stored.name)” is in the trash; restore it first") }
    try refuseTrash(wanted, line)
    if !batch.overwrites, let later = try laterChange(Set(changes.map(\.field)), of: stored, updated: updated) {
      throw ImportProblem(line: line, reason: later)
    }
    if !changes.isEmpty, case .invalid(let errors) = try type.save(wanted, over: stored.id, from: stored.version, act) {
      throw problem(errors, line)
    }
    if !isNoted { _ = try type.addNote(note, to: stored.header, act) }
    return .changed
  }

  /// Only an act of its own moves a record to the trash.
  func refuseTrash(_ values: [FieldValue], _ line: Int) throws {
    guard let status = type.fields.firstIndex(where: { $0.kind is StatusField }), values[status] == .text(RecordType.trashed) else {
      return
    }
    throw ImportProblem(line, heading(type.fields[status].name), .notOffered)
  }

  /// A problem that an act has found, by the heading of its field.
  func problem(_ errors: ValidationErrors, _ line: Int) -> ImportProblem {
    let input = errors.order.first ?? ""
    return ImportProblem(line, heading(input), errors[input] ?? .notOffered)
  }

  /// Why a row may not change fields: a person has changed one of them later than what the row says. Later than the row's own time, if it has one, else
  /// than the last import of the record, else than the file.
  private func laterChange(_ fields: Set<String>, of stored: Record, updated: Timestamp?) throws -> String? {
    // A time to come says nothing of what the file knew.
    let updated = updated.flatMap { $0 <= act.now ? $0 : nil }
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
      let time = (updated ?? batch.file.time).text
      (since, later) = (updated == nil ? "the file" : "the row’s time", entries.prefix { $0.at > time })
    }
    for entry in later where entry.isByPerson && !entry.isImported {
      guard let change = Change.list(entry.changes).first(where: { fields.contains($0.field) }) else { continue }
      return "\(heading(change.field)): \(entry.by) has changed it later than \(since); --overwrite writes over it"
    }
    return nil
  }
}
