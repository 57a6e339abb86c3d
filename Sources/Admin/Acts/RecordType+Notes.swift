import Base
import Store

/// What is done with a record's notes. They don't count as a new version of the record: a note never conflicts with somebody's open form.
extension RecordType {
  func addNote(_ text: String, to record: RecordHeader, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record, typed: true) }
    try RecordStore.add(Note(text, act), to: record.id, of: self, act)
    return try act.done("\(name).note_added", record.id, on: record, [Change(field: "note", before: "", after: text)])
  }

  /// Writes over the version that its author has seen.
  func editNote(_ id: RecordID, to text: String, from version: Int, on record: RecordHeader, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record, typed: true) }
    return try change(id, on: record, orElse: .conflict, act) { notes, index in
      let before = notes[index]
      guard before.mayEdit(act.actor.id, act.principal.level(on: resource)) else { throw HTTPError.forbidden(.onlyItsAuthorChangesNote) }
      if before.text == text { return .unchanged(id) }
      guard before.version == version else { return .conflict }
      notes[index].text = text
      notes[index].version += 1
      notes[index].editedAt = act.now.text
      return try done("note.edited", id, on: record, before, after: text, act)
    }
  }

  func deleteNote(_ id: RecordID, on record: RecordHeader, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record) }
    return try change(id, on: record, orElse: .unchanged(id), act) { notes, index in
      let before = notes.remove(at: index)
      guard before.mayDelete(act.actor.id, act.principal.level(on: resource)) else {
        throw HTTPError.forbidden(Message("Only the author can delete a note."))
      }
      return try done("note.deleted", id, on: record, before, after: "", act)
    }
  }

  /// Takes a change of a note back, or its deletion, unless something else was done with it since.
  func restoreNote(_ id: RecordID, from entry: Int, on record: RecordHeader, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record) }
    guard let kept = try Activity.kept(by: entry, ["note.edited", "note.deleted"], of: record, in: act.db),
      let before = try? Note(JSON(parsing: kept)), before.id == id.text
    else { throw HTTPError.notFound }
    let level = act.principal.level(on: resource)
    var notes = try RecordStore.notes(record.id, of: self, in: act.db)
    let isThere = notes.contains { $0.id == before.id }
    guard isThere ? before.mayEdit(act.actor.id, level) : before.mayDelete(act.actor.id, level) else {
      throw HTTPError.forbidden(.onlyItsAuthorChangesNote)
    }
    if let index = notes.firstIndex(where: { $0.id == before.id }) {
      let now = notes[index]
      guard now.version == before.version + 1 else { return .conflict }
      notes[index].text = before.text
      notes[index].version += 1
      try RecordStore.set(notes, on: record.id, of: self, act)
      return try act.done("note.edited", id, on: record, [Change(field: "note", before: now.text, after: before.text)])
    }
    notes.insert(before, at: notes.firstIndex { $0.at <= before.at } ?? notes.endIndex)
    try RecordStore.set(notes, on: record.id, of: self, act)
    return try act.done("note.restored", id, on: record, [Change(field: "note", before: "", after: before.text)])
  }

  /// Changes the notes of a record, of which one is meant.
  private func change(
    _ id: RecordID, on record: RecordHeader, orElse gone: Outcome, _ act: ActContext, _ body: (inout [Note], Int) throws -> Outcome
  ) throws -> Outcome {
    var notes = try RecordStore.notes(record.id, of: self, in: act.db)
    guard let index = notes.firstIndex(where: { $0.id == id.text }) else { return gone }
    let outcome = try body(&notes, index)
    if outcome.hasChanged { try RecordStore.set(notes, on: record.id, of: self, act) }
    return outcome
  }

  private func done(
    _ action: String, _ id: RecordID, on record: RecordHeader, _ before: Note, after: String, _ act: ActContext
  ) throws -> Outcome {
    let entry = try Activity.record(
      action, type: name, id: record.id, name: record.name, changes: [Change(field: "note", before: before.text, after: after)],
      before: before.json.text, act)
    return .done(id, undo: "\(record.href)/notes/\(id.text)/undo?entry=\(entry)")
  }
}

extension Message {
  static var onlyItsAuthorChangesNote: Message { Message("Only the author can edit a note.") }
}
