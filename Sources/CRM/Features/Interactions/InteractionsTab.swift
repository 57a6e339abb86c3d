import Admin
import Base
import Markdown
import Store
import Templating
import Web

/// What happened with a record: calls, messages, meetings, notes, newest first.
enum InteractionsTab {
  static let partyShape = ViewSchema("shown-party", [("name", .text), ("details", .text), ("href", .optional(.text)), ("icon", .text)])
  static let lineShape = ViewSchema(
    "interaction",
    [
      ("id", .text), ("version", .int), ("label", .text), ("icon", .text), ("direction", .text), ("subject", .text),
      ("body", .optional(.html)), ("at", .text), ("time", .text), ("thereTime", .optional(.text)), ("minutes", .int), ("outcome", .text),
      ("loggedBy", .text), ("anchorHref", .optional(.text)), ("anchorName", .text), ("parties", .list(.record(partyShape))),
      ("files", .list(.record(FilesTab.fileShape))),
      ("threadHref", .optional(.text)), ("threadSize", .int), ("followHref", .text), ("href", .optional(.text)),
    ])
  static let shape = ViewSchema(
    "interactions",
    [
      ("record", .record(RecordFrame.shape)), ("composer", .optional(.record(InteractionFormPage.shape))),
      ("parts", .list(.record(ListPage.linkShape))), ("isThread", .bool), ("isEmptyPart", .bool), ("href", .text),
      ("lines", .list(.record(lineShape))), ("older", .optional(.text)), ("newest", .optional(.text)),
    ])

  static let tab = RecordTab(
    id: "interactions", label: "Interactions", act: RecordTab.Act("Log", icon: "plus-lg", key: "l", query: "?log=call"),
    rows: { header, context in InteractionFeed(kind: header.type, record: header, reach: try context.reach).rows }, show: show)
  private static let pageSize = 50

  @Sendable private static func show(_ context: RequestContext, _ kind: RecordType, _ header: RecordHeader) throws -> Response {
    guard context.may(.write, on: kind.resource), !header.isTrashed else {
      return try page(context, kind, header, composer: nil)
    }
    var form = InteractionForm(now: context.now, zone: try context.user.timeZone)
    if let id = context.query["follows"].flatMap({ RecordID($0) }),
      let other = try context.store.read({ db in try InteractionStore.find(id, of: header.id, in: db) }), !other.isDeleted
    {
      form.follows = id.text
      form.type = other.details.type
      form.subject = other.details.subject
      form.parties = try context.store.read { db in try PartyStore.of(other.seq, in: db).map(\.who) }
    }
    form.fill(from: context.query)
    var composer = InteractionFormPage(form: form, kind: kind, anchor: header)
    composer.isWanted = context.query["log"] != nil
    composer.people = try context.store.read { db in try context.people(form.parties, in: db) }
    return try page(context, kind, header, composer: composer)
  }

  /// The feed, with the composer over it.
  static func page(
    _ context: RequestContext, _ kind: RecordType, _ header: RecordHeader, composer: InteractionFormPage?, status: Int = 200
  ) throws -> Response {
    let after = try context.query["after"].map { text in
      guard let cursor = ListCursor(text) else {
        throw HTTPError.badRequest(Message("This link is broken. Go to the first page."))
      }
      return cursor
    }
    var feed = InteractionFeed(kind: kind, record: header, reach: try context.reach)
    let shown = parts(of: kind).first { $0.id != nil && $0.id == context.query["show"] }
    feed.part = shown?.part ?? .all
    feed.thread = context.query["thread"].flatMap { RecordID($0)?.text }
    let (found, parties, files) = try context.store.read { db in
      let found = try feed.lines(after: after, limit: pageSize + 1, in: db)
      let lines = found.prefix(pageSize).map(\.interaction.seq)
      return (found, try PartyStore.of(lines, for: context, in: db), try FileStore.of(lines, in: db))
    }
    let lines = found.prefix(pageSize)
    let href = kind.path(of: header.id.text) + "/interactions"
    let state = [("show", shown?.id), ("thread", feed.thread)].compactMap { pair in
      pair.1.map { (pair.0, $0) }
    }
    let renderer = LinePainter(kind: kind, header: header, context: context)
    return try context.page(
      "interactions/feed",
      ViewData(
        shape,
        [
          .record(RecordFrame.record(header, kind, tab: tab.id, for: context)), composer.map { .record($0.record(for: context)) } ?? .null,
          .list(feed.thread == nil ? links(kind, href, feed.part) : []), .bool(feed.thread != nil), .bool(feed.part != .all),
          .text(href), .list(lines.map { renderer.line($0, parties[$0.interaction.seq] ?? [], files[$0.interaction.seq] ?? []) }),
          found.count > pageSize
            ? lines.last.map { .text(URLQuery.append(state + [("after", $0.cursor.text)], to: href)) } ?? .null : .null,
          after == nil ? .null : .text(URLQuery.append(state, to: href)),
        ]), status: status)
  }

  /// The parts that a feed can be seen in, as addresses name them and as they read; none but the whole for most types.
  private static func parts(of kind: RecordType) -> [(part: InteractionFeed.Part, id: String?, label: String)] {
    guard let related = kind.related else { return [] }
    return [
      (.all, nil, "All"), (.own, related.ownPart.id, related.ownPart.label), (.related, related.relatedPart.id, related.relatedPart.label),
    ]
  }

  private static func links(_ kind: RecordType, _ href: String, _ current: InteractionFeed.Part) -> [Value] {
    parts(of: kind).map { part, id, label in
      ListPage.link(label, id.map { URLQuery.append([("show", $0)], to: href) } ?? href, current: part == current)
    }
  }
}

/// Makes the lines of a feed for one visitor.
private struct LinePainter {
  let records: RecordTypes
  let formats: Formats
  let zone: String
  let href: String
  let mayWrite: Bool

  init(kind: RecordType, header: RecordHeader, context: RequestContext) {
    records = context.composition.records
    formats = context.formats
    zone = context.session?.user.timeZone ?? "UTC"
    href = kind.path(of: header.id.text) + "/interactions"
    mayWrite = context.may(.write, on: kind.resource) && !header.isTrashed
  }

  func line(_ line: InteractionFeed.Line, _ parties: [PartyStore.Shown], _ files: [MediaFile]) -> Value {
    let interaction = line.interaction
    let details = interaction.details
    let type = Interaction.type(details.type)
    let isOwn = line.anchor == nil
    let own = isOwn && mayWrite ? href + "/" + interaction.id.text : nil
    let thread = isOwn && line.threadSize > 1 ? details.thread : nil
    return .record(
      ViewData(
        InteractionsTab.lineShape,
        [
          .text(interaction.id.text), .int(interaction.version), .text(type.label), .text(type.icon), .text(details.direction),
          .text(details.subject), details.body.isEmpty ? .null : .html(Markdown.html(details.body)), .text(details.occurredAt.text),
          .text(formats.minute(details.occurredAt.text)), there(details).map { .text($0) } ?? .null, .int(details.minutes ?? 0),
          .text(details.outcome), .text(interaction.loggedBy),
          line.anchor.map { .text($0.kind.path(of: $0.id)) } ?? .null, .text(line.anchor?.name ?? ""),
          .list(
            parties.map { shown in
              .record(
                ViewData(
                  InteractionsTab.partyShape,
                  [
                    .text(shown.party.name), .text(shown.party.details), shown.href.map { .text($0) } ?? .null,
                    .text(shown.party.who.icon(records)),
                  ]))
            }),
          .list(files.map { .record(FilesTab.file($0, actHref: "", formats)) }),
          thread.map { .text(URLQuery.append([("thread", $0)], to: href)) } ?? .null, .int(line.threadSize),
          .text(own == nil ? "" : URLQuery.append([("follows", interaction.id.text)], to: href)), own.map { .text($0) } ?? .null,
        ]))
  }

  /// The time on the wall where it happened, if that is not the visitor's own.
  private func there(_ details: InteractionDetails) -> String? {
    // Nobody lives in UTC: what comes from a file says only when it was.
    guard details.zone != zone, details.zone != "UTC" else { return nil }
    let clock = ZoneClock(details.zone)
    guard clock.offset(at: details.occurredAt) != ZoneClock(zone).offset(at: details.occurredAt) else { return nil }
    return Formats(language: formats.language, zone: clock, now: formats.now).minute(details.occurredAt.text) + ", " + details.zone
  }
}
