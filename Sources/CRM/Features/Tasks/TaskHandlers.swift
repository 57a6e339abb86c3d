import Admin
import Base
import Store
import Web

/// Ticking a task off, and opening it again: by the same act as saving it.
enum TaskHandlers {
  private static let type = RecordType.task

  static let routes: [Route] = [
    .get(AboutPicker.path, .write(.tasks), AboutPicker.suggest),
    .post(type.path + "/{id}/done", .write(.tasks), keepsForms: false) { try set(.done, as: "done", undo: "reopen", $0) },
    .post(type.path + "/{id}/reopen", .write(.tasks), keepsForms: false) { try set(.open, as: "reopened", undo: "done", $0) },
  ]

  static let actions = [
    ActionLabel(action: "task.done", label: "Marked as done", icon: "check-circle"),
    ActionLabel(action: "task.reopened", label: "Reopened", icon: "arrow-counterclockwise"),
  ]

  private static func set(_ status: RecordStatus, as action: String, undo: String, _ context: RequestContext) throws -> Response {
    let (id, scope) = (try context.id(), try context.scope(of: .tasks))
    let record = try context.store.read { db in
      try context.load(in: db) { db in try RecordStore.find(id, of: type, scope, in: db) }
    }
    let href = type.path(of: id.text)
    if record.isTrashed { return context.redirect(to: href, .restoreFirst(record.name)) }
    let outcome = try context.act { act -> Outcome in
      try context.confirm(in: act.db)
      // As it is now: nothing but the status is changed, whatever others have saved since.
      guard let record = try RecordStore.find(id, of: type, scope, in: act.db), let index = type.index(of: "status") else {
        throw HTTPError.notFound
      }
      var values = record.values
      values[index] = .text(status.value)
      return try type.save(values, over: id, from: record.version, as: action, act)
    }
    let name = ["name": record.name]
    let (done, already) =
      status == .done
      ? (Message("“{name}” marked as done.", name), Message("“{name}” is already done.", name))
      : (Message("“{name}” reopened.", name), Message("“{name}” is already open.", name))
    return context.redirect(to: href, outcome.undone(by: href + "/" + undo), done, orElse: already)
  }
}
