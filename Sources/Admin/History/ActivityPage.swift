import Base
import Store
import Synchronization
import Templating
import Web

/// All that happened in the office, for those who may read all of it. Not one of the engine's lists: its entries are no records, have no columns to
/// choose among and no trash, and are read by time alone.
package enum ActivityPage {
  static let routes: [Route] = [
    .get("/admin/crm/activity", .needs(.read, on: .activity), show),
    .get("/admin/crm/activity/export.csv", .needs(.read, on: .activity).and(.full(.exports)), export),
    .post(
      ActivityBatches.undoPath, .needs(.read, on: .activity).and(.full(.imports)), effort: .files, keepsForms: false, ActivityBatches.undo),
  ]

  static let lineShape = ViewSchema(
    "activity-line",
    [
      ("entry", .record(EventsTab.entryShape)), ("type", .text), ("name", .text), ("href", .optional(.text)),
      ("sourceHref", .optional(.text)), ("receiptHref", .optional(.text)),
    ])
  /// An entry or an import.
  static let itemShape = ViewSchema(
    "activity-item", [("line", .optional(.record(lineShape))), ("batch", .optional(.record(ActivityBatches.lineShape)))])
  static let shape = ViewSchema(
    "activity",
    [
      ("actors", .html), ("actions", .html), ("types", .html), ("q", .text), ("from", .text), ("until", .text),
      ("fromError", .optional(.text)),
      ("untilError", .optional(.text)), ("isFiltered", .bool), ("needsWords", .bool), ("exportHref", .optional(.text)),
      ("items", .list(.record(itemShape))),
      ("batch", .optional(.record(ActivityBatches.shape))), ("batchID", .text),
      ("older", .optional(.text)), ("newest", .optional(.text)),
    ])

  package static let href = "/admin/crm/activity"
  private static let pageSize = 50
  private static let filters = ["actor", "action", "type", "q", "from", "until", "batch"]

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let (log, problems) = try read(context)
    let after = context.query["after"].flatMap { ListCursor($0) }
    let (found, users, batch) = try context.store.read { db in
      (
        try log.items(after: after, limit: pageSize, in: db), try UserStore.owners(keeping: log.actor, in: db),
        try log.batch.map { try ActivityBatches.head($0, for: context, in: db) }
      )
    }
    let state = filters.compactMap { name in context.query[name].flatMap { $0.isEmpty ? nil : (name, String($0.prefix(200))) } }
    let (formats, reach) = (context.formats, try context.historyReach)
    let language = context.language
    let actions = context.composition.actions.all.filter { action in !log.hidden.contains { action.action.hasPrefix($0 + ".") } }.map {
      ($0.action, subject(of: $0, log.types, language))
    }.sorted { $0.1 < $1.1 }
    let types = log.types.all + (log.hidden.isEmpty ? [context.composition.settingsType] : [])
    return try context.page(
      "activity/activity",
      ViewData(
        shape,
        [
          Choices([("", language.text("Everyone")), ("program", "Roost")] + users.map { ($0.id, $0.name) }).options(selected: log.actor),
          Choices([("", language.text("All actions"))] + actions).options(selected: log.action),
          context.choices([("", "All record types")] + types.map { ($0.name, $0.label) }).options(selected: log.type), .text(log.q),
          .text(context.query["from"] ?? ""), .text(context.query["until"] ?? ""),
          problems["from"].map { .text(context.text($0)) } ?? .null,
          problems["until"].map { .text(context.text($0)) } ?? .null, .bool(!state.isEmpty),
          .bool(!log.q.isEmpty && SearchMatch.words(of: log.q).isEmpty),
          context.may(.full, on: .exports) ? .text(URLQuery.append(state, to: href + "/export.csv")) : .null,
          .list(found.items.map { item($0, of: log, context.composition, reach, formats) }),
          batch.map { .record($0) } ?? .null, .text(log.batch.map { String($0.id) } ?? ""),
          found.next.map { .text(URLQuery.append(state + [("after", $0.text)], to: href)) } ?? .null,
          after == nil ? .null : .text(URLQuery.append(state, to: href)),
        ]), status: problems.isEmpty ? 200 : 422)
  }

  /// "Contact: Created": several record types share a label.
  private static func subject(of label: ActionLabel, _ types: RecordTypes, _ language: Language) -> String {
    let kind = types[String(label.action.prefix { $0 != "." })]
    return (kind.map { language.text($0.label) + ": " } ?? "") + language.text(label.label)
  }

  private static func item(
    _ item: ActivityLog.Item, of log: ActivityLog, _ composition: Composition, _ reach: HistoryReach, _ formats: Formats
  ) -> Value {
    switch item {
    case .entry(let entry): .record(ViewData(itemShape, [line(entry, of: log, composition, reach, formats), .null]))
    case .batch(let batch): .record(ViewData(itemShape, [.null, .record(ActivityBatches.line(batch, formats))]))
    }
  }

  private static func line(
    _ line: ActivityLog.Line, of log: ActivityLog, _ composition: Composition, _ reach: HistoryReach, _ formats: Formats
  ) -> Value {
    let type = composition.type(line.recordType)
    return .record(
      ViewData(
        lineShape,
        [
          EventsTab.entry(line.entry, of: type, composition, reach, formats, revertHref: nil), .text(line.recordType),
          .text(line.shownName.text(in: formats.language)),
          line.recordExists ? type.map { .text($0.path(of: line.recordID)) } ?? .null : .null,
          // On an import's own page its lines need not say so.
          log.batch == nil ? line.batch.map { .text(ActivityBatches.href($0)) } ?? .null : .null,
          line.isErased && line.entry.action.hasSuffix(".deleted") ? .text(Erasure.href(line.recordID)) : .null,
        ]))
  }

  /// The filters of the URL. An invalid date is reported, and the rest still applies.
  private static func read(_ context: RequestContext) throws -> (ActivityLog, ValidationErrors) {
    var log = ActivityLog(types: context.composition.records, hidden: context.hiddenActivity)
    var problems = ValidationErrors()
    func text(_ name: String) -> String { TextNormalizing.clean(TextNormalizing.start(of: context.query[name] ?? "", 200)) }
    (log.actor, log.action, log.q) = (text("actor"), text("action"), text("q"))
    log.type = context.composition.type(text("type"))?.name ?? ""
    func day(_ name: String, adding days: Int) -> Timestamp? {
      let typed = text(name)
      if typed.isEmpty { return nil }
      guard let wall = WallTime(typed + "T00:00"), let moment = context.formats.zone.moment(of: wall) else {
        problems.add(name, Message("Invalid date. Enter it like 2026-11-20."))
        return nil
      }
      if days == 0 { return moment }
      // Noon of the next day is there whatever the clocks do at midnight.
      let next = context.formats.zone.local(moment.adding(seconds: 36 * 3_600))
      return Timestamp(year: next.year, month: next.month, day: next.day).flatMap { context.formats.zone.moment(of: WallTime($0.civil)) }
    }
    log.from = day("from", adding: 0)
    log.until = day("until", adding: 1)
    if let batch = context.query["batch"], !batch.isEmpty {
      log.batch = try context.store.read { db in try Int(batch).flatMap { try Batch.find($0, in: db) } }
      if log.batch == nil { throw HTTPError.notFound }
    }
    return (log, problems)
  }

  /// Everything that the filters let through, page after page.
  @Sendable private static func export(_ context: RequestContext) throws -> Response {
    let (log, problems) = try read(context)
    if let problem = problems.order.first.flatMap({ problems[$0] }) { throw HTTPError.badRequest(problem) }
    let store = context.services.store
    let (composition, reach, formats) = (context.composition, try context.historyReach, context.formats)
    let walk = Mutex<ActivityWalk?>(nil)
    var response = Response(status: 200)
    response.headers.set("Content-Type", "text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment; filename=\"activity.csv\"")
    response.body = .stream {
      try walk.withLock { walk in
        var bytes: [UInt8] = []
        guard var going = walk else {
          // The heading goes out before anything is looked for.
          walk = ActivityWalk(log)
          CSVWriter.append(["at", "actor", "action", "record_type", "record_id", "record", "changes"], to: &bytes)
          return bytes
        }
        let lines = try store.read { db in try going.next(in: db) }
        walk = going
        guard let lines else { return nil }
        for line in lines {
          let changes = line.entry.changes.map { change in
            let field = composition.field(change.field, of: composition.type(line.recordType))
            let texts = [change.before, change.after].map { reach.shows(field.names) ? $0 : HistoryReach.hidden($0, formats) }
            return "\(field.label): \(texts[0]) → \(texts[1])"
          }.joined(separator: "\n")
          CSVWriter.append(
            [
              line.entry.at, line.entry.actorName, composition.actions[line.entry.action].label, line.recordType, line.recordID,
              line.shownName.text(in: .english),
              changes,
            ], to: &bytes, guardFormulas: true)
        }
        return bytes
      }
    }
    return response
  }
}
