import Base
import Store
import Templating
import Web

/// What can be done to a record of any kind besides editing it: its tabs, notes, trash and the way out of it. Each act is a resource under the record.
package struct RecordHandlers: Sendable {
  let kind: RecordType

  private static let countSchema = ViewSchema("goes along", [("label", .text), ("count", .int)])
  static let deleteShape = ViewSchema(
    "delete",
    [
      ("record", .record(RecordFrame.shape)), ("typed", .text), ("error", .optional(.text)), ("counts", .list(.record(countSchema))),
    ])

  var routes: [Route] {
    let record = kind.path + "/{id}"
    return [
      .post(record + "/trash", .write(kind.resource), trash),
      .post(record + "/restore", .write(kind.resource), restore),
      .get(record + "/delete", .full(kind.resource), confirmDelete),
      .post(record + "/delete", .full(kind.resource), draft: deleteDraft, delete),
      .post(record + "/notes", .write(kind.resource), draft: noteDraft, addNote),
      .get(record + "/{tab}", .see(kind.resource), showTab),
    ]
  }

  @Sendable private func showTab(_ context: RequestContext) throws -> Response {
    guard let tab = context.composition.tabs(of: kind).first(where: { $0.id == context.parameters["tab"] }) else {
      throw HTTPError.notFound
    }
    let header = try context.header(of: kind)
    try context.noteViewed(header.id)
    return try tab.show(context, kind, header)
  }

  @Sendable private func trash(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    let outcome = try context.act(.essential) { act in try kind.trash(header, act) }
    let list = ListOrigin(of: header.id, in: kind.list, for: context).state?.url(kind.path) ?? kind.path
    let name = ["name": header.name]
    return context.redirect(
      to: outcome.hasChanged ? list : header.href, outcome, Message("{name} moved to trash.", name),
      orElse: Message("{name} is already in the trash.", name))
  }

  @Sendable private func restore(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    let outcome = try context.act(.essential) { act in try kind.restore(header, act) }
    let name = ["name": header.name]
    return context.redirect(
      to: header.href, outcome, Message("{name} restored.", name), orElse: Message("{name} is not in the trash.", name))
  }

  @Sendable private func confirmDelete(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    guard header.status == "trashed" else { return notInTrash(context, header) }
    return try deletePage(context, header, typed: "", problem: nil)
  }

  @Sendable private func deleteDraft(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    return try deletePage(context, header, typed: TextNormalizing.clean(try context.form()["confirm"] ?? ""), problem: nil)
  }

  /// The one act without a way back, so the name has to be typed.
  @Sendable private func delete(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    guard header.status == "trashed" else { return notInTrash(context, header) }
    let typed = TextNormalizing.clean(try context.form()["confirm"] ?? "")
    guard TextFolding.isSame(typed, header.name) else {
      return try deletePage(
        context, header, typed: typed, problem: Message("Type the name exactly to delete it permanently."), status: 422)
    }
    let (contents, erasure) = try context.store.read { db in
      (try FileStore.checksums(of: header.id, in: db), try Erasure(header, context.composition, in: db))
    }
    var objection: Message?
    let isDone = try context.services.media.forgetting(contents) { db in
      let act = try context.act(in: db)
      guard try db.value("SELECT 1 FROM \(raw: kind.table) WHERE id = \(header.id) AND status = 'trashed'") == 1 else { return (false, []) }
      objection = try kind.errors(.delete(header), act).first
      if objection != nil { return (false, []) }
      var unnamed: [String] = []
      let outcome = try context.once(in: db) {
        unnamed = try FileStore.purge(header.id, in: db)
        try erasure.forget(in: db)
        let outcome = try kind.delete(header, act)
        if outcome.hasChanged { try erasure.run(act) }
        return outcome
      }.outcome
      return (outcome.hasChanged, unnamed)
    }
    if let objection { return context.redirect(to: header.href, Flash(objection, kind: .problem)) }
    guard isDone else { return notInTrash(context, header) }
    let receipt = context.may(.read, on: .activity) ? Erasure.href(header.id.text) : nil
    return context.redirect(to: kind.path, Flash(Message("{name} deleted permanently.", ["name": header.name]), download: receipt))
  }

  /// Only trashed records can be deleted permanently, so that one wrong click deletes nothing.
  private func notInTrash(_ context: RequestContext, _ header: RecordHeader) -> Response {
    context.redirect(
      to: header.href,
      Flash(Message("{name} is not in the trash. Move it there first.", ["name": header.name]), kind: .problem))
  }

  private func deletePage(_ context: RequestContext, _ header: RecordHeader, typed: String, problem: Message?, status: Int = 200) throws
    -> Response
  {
    let counts = try context.store.read { db in try Erasure.counts(header, context.composition, in: db) }
    return try context.page(
      "records/delete",
      ViewData(
        Self.deleteShape,
        [
          .record(RecordFrame.record(header, kind, tab: "", for: context)), .text(typed),
          problem.map { .text(context.text($0)) } ?? .null,
          .list(counts.map { .record(ViewData(Self.countSchema, [.text($0.label), .int($0.count)])) }),
        ]), status: status)
  }

  @Sendable private func addNote(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: ["note"])
    let text = reader.text("note")
    let header = try context.header(of: kind)
    let href = header.href
    if text.isEmpty { return context.redirect(to: href, Flash(Message("Write a note first."), kind: .problem)) }
    let outcome: Outcome =
      try reader.problems.isEmpty ? context.act { act in try kind.addNote(text, to: header, act) } : .invalid(reader.problems)
    if let problem = outcome.errors.first { return try RecordPages(type: kind).show(context, noteProblem: problem) }
    return context.redirect(to: href + "#notes", Flash(Message("Note added.")))
  }

  /// The record's page again, with the input.
  @Sendable private func noteDraft(_ context: RequestContext) throws -> Response { try RecordPages(type: kind).show(context) }
}
