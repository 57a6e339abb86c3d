import Base
import Store
import Templating
import Web

/// A note that is changed or deleted: its form is a page, which scripts show in the note's place.
struct NotePages: Sendable {
  let type: RecordType

  var routes: [Route] {
    let note = type.path + "/{id}/notes/{note}"
    return [
      .get(note + "/edit", .write(type.resource), edit),
      .post(note, .write(type.resource), draft: draft, save),
      .post(note + "/delete", .write(type.resource), delete),
      .post(note + "/undo", .write(type.resource), undo),
    ]
  }

  private static let schema = ViewSchema(
    "note-form",
    [
      ("record", .record(RecordFrame.shape)), ("action", .text), ("version", .int), ("text", .text), ("error", .optional(.text)),
      ("conflict", .optional(.text)), ("theirs", .text),
    ])
  static let pages = ["records/note": schema]

  @Sendable private func edit(_ context: RequestContext) throws -> Response {
    let (header, found) = try load(context)
    guard let note = found else { throw HTTPError.notFound }
    guard note.mayEdit(try context.user.id.text, context.level(on: type.resource)) else {
      throw HTTPError.forbidden(.onlyItsAuthorChangesNote)
    }
    return try page(context, header, note.text, version: note.version)
  }

  @Sendable private func draft(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let (header, note) = try load(context)
    return try page(context, header, form["note"] ?? "", version: Int(form["version"] ?? "") ?? 0, isGone: note == nil)
  }

  @Sendable private func save(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: ["note", "version"])
    let text = reader.text("note")
    if text.isEmpty { reader.problem("note", Message("Enter a note, or delete it.")) }
    let version = Int(reader.form["version"] ?? "") ?? 0
    let (header, found) = try load(context)
    let outcome: Outcome =
      try found == nil
      ? .conflict
      : reader.problems.isEmpty
        ? context.act { act in try type.editNote(try context.id("note"), to: text, from: version, on: header, act) }
        : .invalid(reader.problems)
    switch outcome {
    case .done, .unchanged: return context.redirect(to: place(header), Flash(Message("Note saved."), undo: outcome.undo))
    case .invalid(let errors): return try page(context, header, text, version: version, error: errors.first, status: 422)
    case .conflict:
      let now = try load(context).note
      let notice =
        now == nil
        ? Message("This note was deleted while you were editing it. Save again to add it as a new one.")
        : Message("This note was changed while you were editing it. Save again to replace it.")
      return try page(
        context, header, text, version: now?.version ?? 0, conflict: notice, theirs: now?.text ?? "", isGone: now == nil, status: 409)
    }
  }

  @Sendable private func delete(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: type)
    let outcome = try context.act(.essential) { act in try type.deleteNote(try context.id("note"), on: header, act) }
    return context.redirect(
      to: place(header), outcome, Message("Note deleted."), orElse: Message("Note already deleted."))
  }

  @Sendable private func undo(_ context: RequestContext) throws -> Response {
    guard let entry = Int(context.query["entry"] ?? "") else { throw HTTPError.badRequest(Message("This link is incomplete.")) }
    let header = try context.header(of: type)
    let outcome = try context.act { act in try type.restoreNote(try context.id("note"), from: entry, on: header, act) }
    return context.redirect(
      to: place(header), outcome, Message("Note restored."), orElse: Message("The note has been changed since."))
  }

  // MARK: Parts

  private func place(_ header: RecordHeader) -> String { header.href + "#notes" }

  private func load(_ context: RequestContext) throws -> (header: RecordHeader, note: Note?) {
    let id = try context.id("note")
    return try context.store.read { db in
      let header = try context.header(of: type, in: db)
      return (header, try RecordStore.notes(header.id, of: type, in: db).first { $0.id == id.text })
    }
  }

  private func page(
    _ context: RequestContext, _ header: RecordHeader, _ text: String, version: Int, error: Message? = nil, conflict: Message? = nil,
    theirs: String = "", isGone: Bool = false, status: Int = 200
  ) throws -> Response {
    try context.page(
      "records/note",
      ViewData(
        Self.schema,
        [
          .record(RecordFrame.record(header, type, tab: "overview", for: context)),
          .text(header.href + "/notes" + (isGone ? "" : "/" + (try context.id("note").text))), .int(isGone ? 0 : version), .text(text),
          error.map { .text(context.text($0)) } ?? .null, conflict.map { .text(context.text($0)) } ?? .null, .text(theirs),
        ]), status: status)
  }
}
