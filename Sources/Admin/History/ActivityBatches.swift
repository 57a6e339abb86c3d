import Base
import Store
import Templating
import Web

/// Imports in the log: each is one line among the others, and has a page of its own entries, from where it can be taken back.
package enum ActivityBatches {
  static let lineShape = ViewSchema(
    "batch-line",
    [
      ("id", .text), ("source", .text), ("records", .int), ("href", .text), ("actor", .text), ("at", .text), ("time", .text),
      ("icon", .text),
    ])
  static let shape = ViewSchema(
    "batch",
    [
      ("line", .record(lineShape)), ("skipped", .int), ("isUndo", .bool), ("otherHref", .optional(.text)), ("mayUndo", .bool),
      ("command", .optional(.text)),
    ])

  static let undoPath = ActivityPage.href + "/undo"
  /// More than that takes so long that nobody waits for a page; the command line does it.
  private static let mostFromPage = 5_000

  package static func href(_ id: Int) -> String { URLQuery.append([("batch", String(id))], to: ActivityPage.href) }

  static func line(_ batch: Batch, _ formats: Formats) -> ViewData {
    ViewData(
      lineShape,
      [
        .text("b-\(batch.id)"), .text(batch.source.text(in: formats.language)), .int(batch.records), .text(href(batch.id)),
        .text(batch.actorName), .text(batch.at), .text(formats.minute(batch.at)),
        .text(batch.undoes == nil ? "box-arrow-in-down" : "arrow-counterclockwise"),
      ])
  }

  static func head(_ batch: Batch, for context: RequestContext, in db: Database) throws -> ViewData {
    let isUndoable = try undoable(batch, for: context, in: db)
    let fits = fits(batch)
    return ViewData(
      shape,
      [
        .record(line(batch, context.formats)), .int(batch.skipped), .bool(batch.undoes != nil),
        (batch.undoes ?? batch.undoneBy).map { .text(href($0)) } ?? .null, .bool(isUndoable && fits),
        isUndoable && !fits ? .text("roost import --undo \(batch.id)") : .null,
      ])
  }

  private static func fits(_ batch: Batch) -> Bool { batch.last - batch.first < mostFromPage }

  /// Whether this user can undo any of it: that permanently deletes the records it created.
  private static func undoable(_ batch: Batch, for context: RequestContext, in db: Database) throws -> Bool {
    guard batch.undoes == nil, let target = context.composition.imports.first(where: { $0.name == batch.list }),
      context.may(.full, on: target.type.resource)
    else { return false }
    return try batch.undoneBy.map { try Batch.find($0, in: db)?.skipped ?? 0 > 0 } ?? true
  }

  @Sendable static func undo(_ context: RequestContext) throws -> Response {
    let id = Int(try context.form()["batch"] ?? "") ?? 0
    let (batch, mayUndo) = try context.store.read { db in
      let batch = try Batch.find(id, in: db)
      return (batch, try batch.map { try fits($0) && undoable($0, for: context, in: db) } ?? false)
    }
    guard let batch else {
      return context.redirect(to: ActivityPage.href, Flash(Message("No import has this number."), kind: .problem))
    }
    guard mayUndo else { return context.redirect(to: href(id), Flash(Message("This import can’t be undone."), kind: .problem)) }
    var importer = Importer(context.composition, store: context.services.store, clock: context.services.clock)
    importer.principal = Principal(try context.user)
    let outcome = try importer.undo(id, report: { _ in }, progress: { _ in })
    return context.redirect(
      to: href(id),
      Flash(
        Message(
          "Import of {file} undone. Deleted: {deleted}. Moved to trash: {trashed}. Restored: {restored}. Changed since and kept: {left}.",
          [
            "file": batch.file, "deleted": String(outcome.deleted), "trashed": String(outcome.trashed), "restored": String(outcome.putBack),
            "left": String(outcome.left),
          ]), kind: outcome.left == 0 ? .done : .problem))
  }
}
