import Admin
import Base
import Store
import Templating
import Web

/// Where tasks show up besides their list.
enum TaskLines {
  static let schema = ViewSchema(
    "task-line",
    [("title", .text), ("href", .text), ("due", .text), ("isOverdue", .bool), ("isToday", .bool), ("assignee", .text)])
  private static let mostCounted = 100

  /// Among somebody's own tasks it goes without saying whose they are.
  static func value(_ line: TaskStore.Line, isOwn: Bool = false, _ context: RequestContext) -> Value {
    let moment = context.filterMoment
    let (today, clock) = (moment.today.text, WallTime(moment.zone.local(moment.now)).text.suffix(5))
    let isLate = line.dueOn == today && !line.dueTime.isEmpty && line.dueTime < clock
    return .record(
      ViewData(
        schema,
        [
          .text(line.title), .text(RecordType.task.path(of: line.id)), .text(due(line.dueOn, line.dueTime, context.formats)),
          .bool(!line.dueOn.isEmpty && (line.dueOn < today || isLate)), .bool(line.dueOn == today), .text(isOwn ? "" : line.assignee),
        ]))
  }

  /// "24 Nov 2026, 14:05"
  static func due(_ day: String, _ time: String, _ formats: Formats) -> String {
    [day.isEmpty ? "" : formats.date(day), time].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The list of what the visitor has to do by today.
  static var dueHref: String {
    let list = RecordType.task.list
    var state = ListState(tab: list.tabs[0])
    state.filter = RecordType.dueForMe
    return state.url(list.path)
  }

  private static let dueAtOnce = 10

  /// The visitor's own tasks that are due, to be done from the overview.
  static let overview = PagePanel(
    on: .overview, template: "tasks/due",
    schema: ViewSchema("tasks-due", [("tasks", .list(.record(schema))), ("mayWrite", .bool), ("allHref", .text), ("hasMore", .bool)])
  ) { schema, context, db in
    guard context.may(.readOwn, on: .tasks) else { return nil }
    let found = try TaskStore.due(context.user.id, by: context.filterMoment.today, limit: dueAtOnce + 1, in: db)
    guard !found.isEmpty else { return nil }
    return ViewData(
      schema,
      [
        .list(found.prefix(dueAtOnce).map { value($0, isOwn: true, context) }), .bool(context.may(.write, on: .tasks)), .text(dueHref),
        .bool(found.count > dueAtOnce),
      ])
  }

  /// A line that leads to them.
  static let inbox = PagePanel(
    on: .inbox, template: "tasks/inbox", schema: ViewSchema("tasks-inbox", [("count", .int), ("href", .text)])
  ) { schema, context, db in
    guard context.may(.readOwn, on: .tasks) else { return nil }
    let count = try TaskStore.countOfDue(context.user.id, by: context.filterMoment.today, upTo: mostCounted, in: db)
    return count == 0 ? nil : ViewData(schema, [.int(count), .text(dueHref)])
  }
}

extension RecordPanel {
  private static let openAtOnce = 10

  /// The open tasks about a record, and a way to begin one.
  static let tasks = RecordPanel(
    place: .beforeDetails, template: "tasks/panel",
    schema: ViewSchema(
      "tasks-panel",
      [
        ("tasks", .list(.record(TaskLines.schema))), ("mayWrite", .bool), ("newHref", .optional(.text)), ("allHref", .text),
        ("hasMore", .bool),
      ])
  ) { schema, record, context, db in
    guard context.may(.readOwn, on: .tasks) else { return nil }
    let found = try TaskStore.open(about: record.id, context.scope(of: .tasks), limit: openAtOnce + 1, in: db)
    let mayWrite = context.may(.write, on: .tasks)
    // A task can be part of another, though few are.
    let mayAdd = mayWrite && !record.isTrashed && record.type.name != RecordType.task.name
    guard mayAdd || !found.isEmpty else { return nil }
    let about = [("about", record.id.text)]
    return ViewData(
      schema,
      [
        .list(found.prefix(openAtOnce).map { TaskLines.value($0, context) }), .bool(mayWrite),
        mayAdd ? .text(URLQuery.append(about, to: RecordType.task.path + "/new")) : .null,
        .text(URLQuery.append(about, to: RecordType.task.path)), .bool(found.count > openAtOnce),
      ])
  }

  private static let aboutSchema = ViewSchema(
    "task-about", [("name", .text), ("href", .text), ("icon", .text), ("remark", .optional(.text))])

  /// When a task is due, what it is about, and the button that ticks it off.
  static let task = RecordPanel(
    place: .main, template: "tasks/task",
    schema: ViewSchema(
      "task-panel",
      [
        ("href", .text), ("isOpen", .bool), ("mayWrite", .bool), ("due", .text), ("isOverdue", .bool),
        ("about", .list(.record(aboutSchema))),
        ("doneAt", .optional(.text)), ("done", .text), ("doneBy", .text),
      ])
  ) { schema, record, context, db in
    let isOpen = record["status"].text == RecordStatus.open.value
    let about = try AboutField.choices(record["about"]).compactMap { choice -> Value? in
      guard let (type, name) = try context.reach.find(choice.id, in: db) else { return nil }
      let remark = try RecordTarget(table: type.table, path: type.path, resource: type.resource).remark(choice.id, in: db)
      return .record(
        ViewData(
          aboutSchema,
          [.text(name), .text(type.path(of: choice.id)), .text(type.icon), remark.map { .text(context.text($0)) } ?? .null]))
    }
    let line = TaskStore.Line(
      id: record.id.text, title: record.name, dueOn: record["due_on"].text, dueTime: record["due_time"].text, assignee: "")
    guard case .record(let shown) = TaskLines.value(line, context) else { return nil }
    let completion = try TaskStore.completion(of: record.id, in: db)
    return ViewData(
      schema,
      [
        .text(RecordType.task.path(of: record.id.text)), .bool(isOpen), .bool(context.may(.write, on: .tasks) && !record.isTrashed),
        shown["due"], isOpen ? shown["isOverdue"] : .bool(false), .list(about),
        completion.map { .text($0.at) } ?? .null, .text(completion.map { context.formats.minute($0.at) } ?? ""),
        .text(completion?.by ?? ""),
      ])
  }
}
