import Base
import Store
import Templating
import Web

/// The tab of jobs: what runs, waits, failed and is done, and what recurs.
package enum JobsPage {
  static let tab = SettingsTab(id: "jobs", label: "Jobs", place: 50, show: show)

  static let routes: [Route] = [
    .post(path("{id}", "cancel"), .full(.settings), keepsForms: false, cancel),
    .post(path("{id}", "retry"), .full(.settings), keepsForms: false, retry),
    .post(SettingsTab.root + "/jobs/recurring/{kind}", .full(.settings), keepsForms: false, runNow),
  ]

  private static func path(_ id: String, _ act: String) -> String { "\(SettingsTab.root)/jobs/\(id)/\(act)" }

  /// The address to which a form asks for a recurring job at once.
  static func runNowPath(_ kind: JobKind) -> String { "\(SettingsTab.root)/jobs/recurring/\(kind.name)" }

  static let lineShape = ViewSchema(
    "job",
    [
      ("id", .text), ("label", .text), ("icon", .text), ("details", .list(.text)), ("at", .text), ("time", .text),
      ("progress", .optional(.record(progressShape))), ("text", .text), ("lines", .list(.text)), ("cancelHref", .optional(.text)),
      ("retryHref", .optional(.text)), ("retryLabel", .text),
    ])
  private static let progressShape = ViewSchema("job-progress", [("done", .int), ("total", .int)])
  private static let partShape = ViewSchema(
    "jobs-part",
    [("id", .text), ("title", .text), ("empty", .text), ("lines", .list(.record(lineShape))), ("more", .optional(.text))])
  private static let recurringShape = ViewSchema(
    "recurring-job",
    [
      ("id", .text), ("label", .text), ("next", .text), ("nextTime", .text), ("last", .optional(.record(lineShape))), ("runHref", .text),
    ])
  static let schema = ViewSchema(
    "jobs",
    [
      ("tabs", .list(.record(ListPage.linkShape))), ("parts", .list(.record(partShape))), ("recurring", .list(.record(recurringShape))),
      ("here", .text), ("newest", .optional(.text)), ("older", .optional(.text)), ("isPart", .bool),
    ])

  /// Lines of each part, and of one that is looked through.
  private static let shown = 10
  private static let pageSize = 50

  // MARK: Handlers

  /// All parts, or `?part=` one of them, in pages.
  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let one = context.query["part"].flatMap { JobLine.Part(rawValue: $0) }
    let offset = max(0, context.query["from"].flatMap { Int($0) } ?? 0)
    let kinds = context.composition.jobs.all
    return try context.store.read { db in
      let recurring = try kinds.filter { try $0.schedule(db) != nil }
      let limit = one == nil ? shown : pageSize
      var hasMore = false
      let parts = try (one.map { [$0] } ?? JobLine.Part.allCases).map { part -> Value in
        let lines = try JobLine.all(part, recurring: recurring.map(\.name), limit: limit + 1, offset: offset, in: db)
        hasMore = lines.count > limit
        let more = hasMore && one == nil ? "\(tab.path)?part=\(part.rawValue)" : nil
        return .record(
          ViewData(
            partShape,
            [
              .text("jobs-\(part.rawValue)"), .text(context.language.text(part.title)), .text(context.language.text(part.empty)),
              .list(lines.prefix(limit).map { .record(line($0, context)) }), more.map { .text($0) } ?? .null,
            ]))
      }
      let older = one.flatMap { hasMore ? "\(tab.path)?part=\($0.rawValue)&from=\(offset + limit)" : nil }
      return try context.page(
        "jobs/jobs",
        ViewData(
          schema,
          [
            SettingsPages.tabs(at: tab.id, for: context), .list(parts),
            .list(one == nil ? try recurring.map { .record(try self.recurring($0, context, in: db)) } : []),
            .text(context.request.target), one != nil && offset > 0 ? .text("\(tab.path)?part=\(one?.rawValue ?? "")") : .null,
            older.map { .text($0) } ?? .null, .bool(one != nil),
          ]))
    }
  }

  @Sendable private static func cancel(_ context: RequestContext) throws -> Response {
    let (id, now) = (try context.id(), context.now)
    let isDone = try context.store.write(.essential) { db in try Jobs.cancel(id, now: now, in: db) }
    return answer(context, isDone, Message("The job will stop."), else: Message("The job has already ended."))
  }

  @Sendable private static func retry(_ context: RequestContext) throws -> Response {
    let (id, now) = (try context.id(), context.now)
    let isDone = try context.store.write { db in try Jobs.retry(id, now: now, in: db) }
    return answer(context, isDone, Message("The job starts again."), else: Message("The job is already waiting, or has ended."))
  }

  @Sendable private static func runNow(_ context: RequestContext) throws -> Response {
    guard let kind = context.composition.jobs[context.parameters["kind"] ?? ""], let arguments = kind.offer else {
      throw HTTPError.notFound
    }
    let (user, now) = (try context.user.id, context.now)
    try context.store.write { db in
      // One that comes by itself and waits is the same, unless this one is asked for more.
      let key = arguments == .object([:]) ? kind.name : kind.name + " now"
      _ = try Jobs.enqueue(kind, arguments, key: key, priority: .high, by: user, now: now, in: db)
    }
    return answer(context, true, Message("“{name}” has started.", ["name": context.language.text(kind.label)]), else: Message(""))
  }

  private static func answer(_ context: RequestContext, _ isDone: Bool, _ done: Message, else already: Message) -> Response {
    context.services.live.jobsChanged()
    return context.redirect(to: tab.path, Flash(isDone ? done : already, kind: isDone ? .done : .problem))
  }

  // MARK: Lines

  private static func recurring(_ kind: JobKind, _ context: RequestContext, in db: Database) throws -> ViewData {
    let next = try kind.schedule(db)?.next(after: context.now).text ?? ""
    return ViewData(
      recurringShape,
      [
        .text("recurring-\(kind.name)"), .text(context.language.text(kind.label)), .text(next), .text(context.formats.minute(next)),
        try JobLine.last(kind, in: db).map { .record(line($0, context)) } ?? .null, .text(runNowPath(kind)),
      ])
  }

  static func line(_ job: JobLine, _ context: RequestContext) -> ViewData {
    let kind = context.composition.jobs[job.kind]
    let at = job.finishedAt ?? (job.status == "running" ? job.startedAt : nil) ?? job.runAt
    let mayCancel = ["waiting", "running"].contains(job.status) && !job.isCancelling
    let isLater = job.status == "waiting" && job.runAt > context.now.text
    let mayRetry = ["failed", "cancelled"].contains(job.status) || isLater
    return ViewData(
      lineShape,
      [
        .text("j-" + job.id.text), .text(kind.map { context.language.text($0.label) } ?? job.kind), .text(icon(job)),
        .list(details(job, kind, context).map { .text(context.text($0)) }), .text(at), .text(context.formats.minute(at)),
        job.progress.map { .record(ViewData(progressShape, [.int($0.done), .int($0.total)])) } ?? .null,
        .text((job.step ?? job.result?.message ?? job.failure).map(context.text) ?? ""),
        .list((job.result?.lines ?? []).map { .text($0) }), mayCancel ? .text(path(job.id.text, "cancel")) : .null,
        mayRetry ? .text(path(job.id.text, "retry")) : .null, .text(context.language.text(isLater ? "Start now" : "Retry")),
      ])
  }

  private static func details(_ job: JobLine, _ kind: JobKind?, _ context: RequestContext) -> [Message] {
    var details: [Message] = []
    if job.status == "cancelled" { details.append(Message("Stopped")) }
    if job.isCancelling, job.status == "running" { details.append(Message("Stopping")) }
    if let requester = job.requester { details.append(Message("Requested by {name}", ["name": requester])) }
    if job.attempts > 1 || job.failure != nil {
      details.append(
        Message("Attempt {n} of {total}", numbers: ["n": job.attempts, "total": kind?.retry.attempts ?? job.attempts]))
    }
    return details
  }

  private static func icon(_ job: JobLine) -> String {
    switch job.status {
    case "running": "arrow-repeat"
    case "done": job.result?.lines.isEmpty == false ? "exclamation-triangle" : "check-circle"
    case "failed": "exclamation-triangle"
    case "cancelled": "x-circle"
    default: "stopwatch"
    }
  }
}

extension JobLine.Part {
  fileprivate var title: String {
    switch self {
    case .running: "Running"
    case .waiting: "Waiting"
    case .failed: "Failed"
    case .finished: "Finished"
    }
  }

  fileprivate var empty: String {
    switch self {
    case .running: "No job is running."
    case .waiting: "No job is waiting."
    case .failed: "No job has failed."
    case .finished: "Finished jobs are listed here for 30 days."
    }
  }
}
