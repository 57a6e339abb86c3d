import Base
import Store
import Templating

/// A kind of job beside what it is about: the one that is under way, else what the last one came to, and the button for the next.
enum JobStateView {
  static let shape = ViewSchema(
    "job-state",
    [
      ("running", .optional(.record(JobsPage.lineShape))), ("last", .optional(.record(JobsPage.lineShape))), ("hasFailed", .bool),
      ("isUnderWay", .bool), ("next", .text), ("nextTime", .text), ("runHref", .text), ("here", .text),
    ])

  static func data(_ kind: JobKind, _ context: RequestContext, in db: Database) throws -> ViewData {
    let running = try JobLine.underWay(kind, now: context.now, in: db)
    let last = try JobLine.last(kind, in: db)
    let next = try kind.schedule(db)?.next(after: context.now).text ?? ""
    return ViewData(
      shape,
      [
        running.map { .record(JobsPage.line($0, context)) } ?? .null, last.map { .record(JobsPage.line($0, context)) } ?? .null,
        .bool(last?.status == "failed"), .bool(running != nil), .text(next), .text(context.formats.minute(next)),
        .text(JobsPage.runNowPath(kind)), .text(context.path),
      ])
  }
}
