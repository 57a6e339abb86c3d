import Base
import Store
import Web

/// The notes of records.
struct NoteOperations: Sendable {
  let type: RecordType

  private static let text = JSONShape.text(atLeast: 1, atMost: 20_000)
  static let shape = JSONShape.object([
    .init("id", .id), .init("text", .text(), note: "Markdown."), .init("by", .text()), .init("at", .moment),
    .init("version", .integer()), .init("edited_at", .optional(.moment)),
  ])

  var all: [APIOperation] {
    let (name, notes) = (type.list.name, "/\(type.list.name)/{id}/notes")
    return [
      APIOperation(
        .get, notes, id: name + "_notes", group: name, "List notes", access: .see(type.resource),
        output: (200, .object([.init("items", .list(.named("Note")))])), .read(list)),
      APIOperation(
        .post, notes, id: name + "_note_add", group: name, "Add a note", access: .write(type.resource), parameters: [.idempotencyKey],
        input: .object([.init("text", Self.text)]), output: (201, .named("Note")), .write(add)),
      APIOperation(
        .patch, notes + "/{note}", id: name + "_note_update", group: name, "Change a note", access: .write(type.resource),
        parameters: [.idempotencyKey],
        input: .object([.init("text", Self.text), .init("version", .integer(1...Int(Int32.max)), isRequired: false)]),
        output: (200, .named("Note")), .write(change)),
      APIOperation(
        .delete, notes + "/{note}", id: name + "_note_delete", group: name, "Delete a note", access: .write(type.resource),
        parameters: [.idempotencyKey], output: (204, nil), .write(delete)),
    ]
  }

  @Sendable private func list(_ context: RequestContext, _ db: Database) throws -> APIAnswer {
    let header = try context.header(of: type, in: db)
    let notes = try RecordStore.notes(header.id, of: type, in: db)
    return APIAnswer(.object(["items": .array(notes.map(\.apiJSON))]))
  }

  @Sendable private func add(_ context: RequestContext, _ sent: JSON, _ act: ActContext) throws -> APIAnswer {
    let header = try context.header(of: type, in: act.db)
    let text = try text(sent)
    _ = try type.addNote(text, to: header, act).id(of: type)
    guard let note = try RecordStore.notes(header.id, of: type, in: act.db).first else { throw HTTPError.notFound }
    return APIAnswer(note.apiJSON, status: 201)
  }

  @Sendable private func change(_ context: RequestContext, _ sent: JSON, _ act: ActContext) throws -> APIAnswer {
    let (header, note) = try load(context, act)
    let outcome = try type.editNote(
      try context.id("note"), to: text(sent), from: sent["version"]?.int ?? note.version, on: header, act)
    if case .conflict = outcome {
      var problem = APIProblem(.conflict, Message("Somebody else has changed this note."))
      problem.current = note.apiJSON
      throw problem
    }
    _ = try outcome.id(of: type)
    return APIAnswer(try load(context, act).note.apiJSON)
  }

  @Sendable private func delete(_ context: RequestContext, _: JSON, _ act: ActContext) throws -> APIAnswer {
    let header = try load(context, act).header
    _ = try type.deleteNote(try context.id("note"), on: header, act).id(of: type)
    return .done
  }

  private func load(_ context: RequestContext, _ act: ActContext) throws -> (header: RecordHeader, note: Note) {
    let (header, id) = (try context.header(of: type, in: act.db), try context.id("note"))
    guard let note = try RecordStore.notes(header.id, of: type, in: act.db).first(where: { $0.id == id.text }) else {
      throw HTTPError.notFound
    }
    return (header, note)
  }

  private func text(_ sent: JSON) throws -> String {
    let text = TextNormalizing.clean(sent["text"]?.string ?? "")
    if text.isEmpty { throw APIProblem(.invalid, faults: [.init("/text", Message("Write a note first."))]) }
    return text
  }
}

extension Note {
  var apiJSON: JSON {
    .object([
      "id": .string(id), "text": .string(text), "by": .string(by), "at": .string(at), "version": .int(version),
      "edited_at": editedAt.map { .string($0) } ?? .null,
    ])
  }
}
