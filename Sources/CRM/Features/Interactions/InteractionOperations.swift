import Admin
import Base
import Store
import Web

/// The interactions of one kind of record, for programs: read and written by the rules of their form.
struct InteractionOperations: Sendable {
  let kind: RecordType

  var all: [APIOperation] {
    let (name, feed) = (kind.list.name, "/\(kind.list.name)/{id}/interactions")
    let (one, item) = (feed + "/{interaction}", JSONShape.named("Interaction"))
    return [
      APIOperation(
        .get, feed, id: name + "_interactions", group: name, "List interactions", access: .see(kind.resource), parameters: [.after],
        output: (200, .named("InteractionList")), .read(list)),
      APIOperation(
        .post, feed, id: name + "_interaction_log", group: name, "Log an interaction", access: .write(kind.resource),
        parameters: [.idempotencyKey], input: .object(Self.sent(isNew: true)), output: (201, item), .write(log)),
      APIOperation(
        .get, one, id: name + "_interaction_read", group: name, "Read an interaction", access: .see(kind.resource), output: (200, item),
        .read(read)),
      APIOperation(
        .patch, one, id: name + "_interaction_update", group: name, "Change an interaction", access: .write(kind.resource),
        parameters: [.ifMatch, .idempotencyKey], input: .object(Self.sent(isNew: false)), output: (200, item), .write(change)),
      APIOperation(
        .delete, one, id: name + "_interaction_delete", group: name, "Delete an interaction", access: .write(kind.resource),
        parameters: [.ifMatch, .idempotencyKey], output: (204, nil), .write(delete)),
    ]
  }

  private static let linesPerPage = 50

  private static let party = JSONShape.object([
    .init("type", .text(atMost: 40), note: "A type of record, “user”, or “text” for nobody known."),
    .init("id", .optional(.id), isRequired: false, note: "Left out for a participant that you can’t see."),
    .init("name", .text(atMost: Party.longestName), isRequired: false),
  ])

  private static func sent(isNew: Bool) -> [JSONShape.Member] {
    [
      .init("type", .choice(Interaction.offered.map(\.id)), isRequired: isNew),
      .init("direction", .choice(Interaction.directions.map(\.0)), isRequired: false),
      .init("occurred_at", .moment, isRequired: false, note: "Now without it."),
      .init("zone", .text(atMost: 60), isRequired: false, note: "The time zone of the place, like Europe/Athens."),
      .init("minutes", .optional(.integer(0...10_080)), isRequired: false, note: "How long it took."),
      .init("outcome", .text(atMost: 255), isRequired: false),
      .init("subject", .text(atMost: Interaction.longestSubject), isRequired: false),
      .init("body", .text(atMost: Interaction.longestBody), isRequired: false, note: "Markdown."),
      .init("parties", .list(party, atMost: Party.most), isRequired: false, note: "Who else took part."),
    ]
  }

  static let shapes: [(name: String, shape: JSONShape)] = [
    (
      "Interaction",
      .object([
        .init("id", .id), .init("version", .integer()), .init("type", .text()), .init("direction", .text()),
        .init("occurred_at", .moment), .init("zone", .text()), .init("minutes", .optional(.integer())), .init("outcome", .text()),
        .init("subject", .text()), .init("body", .text()), .init("thread", .optional(.id)), .init("logged_by", .text()),
        .init(
          "record", .object([.init("type", .text()), .init("id", .id), .init("name", .text())]), note: "The record that it belongs to."),
        .init(
          "parties",
          .list(
            .object([
              .init("type", .text()), .init("id", .optional(.id)), .init("name", .text()), .init("details", .text()),
            ]))),
      ])
    ),
    ("InteractionList", .object([.init("items", .list(.named("Interaction"))), .init("next", .optional(.text()))])),
  ]

  // MARK: Reading

  @Sendable private func list(_ context: RequestContext, _ db: Database) throws -> APIAnswer {
    let header = try context.header(of: kind, in: db)
    let after = try context.query["after"].map { text -> ListCursor in
      guard let cursor = ListCursor(text) else { throw APIProblem(.badRequest, Message("This link is broken. Go to the first page.")) }
      return cursor
    }
    let feed = InteractionFeed(kind: kind, record: header, reach: try context.reach)
    let lines = try feed.lines(after: after, limit: Self.linesPerPage + 1, in: db)
    let shown = lines.prefix(Self.linesPerPage)
    let parties = try PartyStore.of(shown.map(\.interaction.seq), for: context, in: db)
    let items = shown.map { line in
      let anchor = line.anchor.map { ($0.kind.name, $0.id, $0.name) } ?? (kind.name, header.id.text, header.name)
      return json(line.interaction, anchor, parties[line.interaction.seq] ?? [])
    }
    let next =
      lines.count > Self.linesPerPage
      ? shown.last.map { next in
        URLQuery.append([("after", next.cursor.text)], to: context.path)
      } : nil
    let answer = APIAnswer(.object(["items": .array(items), "next": next.map { .string($0) } ?? .null]))
    return next.map { answer.with("Link", "<\($0)>; rel=\"next\"") } ?? answer
  }

  @Sendable private func read(_ context: RequestContext, _ db: Database) throws -> APIAnswer {
    let (header, interaction) = try load(context, db)
    return try answer(header, interaction.id, context, db)
  }

  private func load(_ context: RequestContext, _ db: Database) throws -> (RecordHeader, Interaction) {
    let (header, id) = (try context.header(of: kind, in: db), try context.id("interaction"))
    guard let interaction = try InteractionStore.find(id, of: header.id, in: db), !interaction.isDeleted else {
      throw HTTPError.notFound
    }
    return (header, interaction)
  }

  private func answer(_ header: RecordHeader, _ id: RecordID, _ context: RequestContext, _ db: Database, status: Int = 200) throws
    -> APIAnswer
  {
    guard let interaction = try InteractionStore.find(id, of: header.id, in: db) else { throw HTTPError.notFound }
    let parties = try PartyStore.of([interaction.seq], for: context, in: db)[interaction.seq] ?? []
    let json = json(interaction, (kind.name, header.id.text, header.name), parties)
    return APIAnswer(json, status: status).with("ETag", "\"\(interaction.version)\"")
  }

  /// A record that the visitor can't see has a name alone, as on pages.
  private func json(_ interaction: Interaction, _ anchor: (type: String, id: String, name: String), _ parties: [PartyStore.Shown]) -> JSON {
    let details = interaction.details
    return .object([
      "id": .string(interaction.id.text), "version": .int(interaction.version), "type": .string(details.type),
      "direction": .string(details.direction), "occurred_at": .string(details.occurredAt.text), "zone": .string(details.zone),
      "minutes": details.minutes.map { .int($0) } ?? .null, "outcome": .string(details.outcome), "subject": .string(details.subject),
      "body": .string(details.body), "thread": details.thread.map { .string($0) } ?? .null, "logged_by": .string(interaction.loggedBy),
      "record": .object(["type": .string(anchor.type), "id": .string(anchor.id), "name": .string(anchor.name)]),
      "parties": .array(
        parties.map { shown in
          let posted = shown.party.who.posted.split(separator: ":", maxSplits: 1).map(String.init)
          return .object([
            "type": .string(posted[0]), "id": shown.hasID ? .string(posted[1]) : .null, "name": .string(shown.party.name),
            "details": .string(shown.party.details),
          ])
        }),
    ])
  }

  // MARK: Writing

  @Sendable private func log(_ context: RequestContext, _ sent: JSON, _ act: ActContext) throws -> APIAnswer {
    let header = try context.header(of: kind, in: act.db)
    let (form, details) = try form(sent, over: [], with: [], stored: nil, context, act)
    let id = try outcome(
      InteractionActs.log(details, with: form.people, on: header, context.composition.records, act))
    return try answer(header, id, context, act.db, status: 201).with("Location", context.path + "/" + id.text)
  }

  @Sendable private func change(_ context: RequestContext, _ sent: JSON, _ act: ActContext) throws -> APIAnswer {
    let (header, interaction) = try load(context, act.db)
    try context.checkMatch(version: interaction.version)
    let people = try PartyStore.of(interaction.seq, in: act.db)
    let files = try FileStore.of([interaction.seq], in: act.db)[interaction.seq] ?? []
    let before = InteractionForm(interaction, parties: people, files: files)
    let shown = try PartyStore.of([interaction.seq], for: context, in: act.db)[interaction.seq] ?? []
    let (form, details) = try form(
      sent, over: before.posted, with: shown.filter { !$0.hasID }.map(\.party), stored: interaction.details, context, act)
    let id = try outcome(
      InteractionActs.save(
        interaction.id, as: details, with: form.people, keeping: files.map(\.id), from: interaction.version, on: header,
        context.composition.records, act))
    return try answer(header, id, context, act.db)
  }

  @Sendable private func delete(_ context: RequestContext, _: JSON, _ act: ActContext) throws -> APIAnswer {
    let (header, interaction) = try load(context, act.db)
    try context.checkMatch(version: interaction.version)
    _ = try outcome(InteractionActs.delete(interaction, of: header, act))
    return .done
  }

  /// What was sent, as the form would post it over what is there; read by the form's own rules. `unseen` took part already, and are sent back as they were
  /// read: by their names, without an id.
  private func form(
    _ sent: JSON, over before: [FormFields.Field], with unseen: [Party], stored: InteractionDetails?, _ context: RequestContext,
    _ act: ActContext
  ) throws -> (InteractionForm, InteractionDetails) {
    var unseen = unseen
    var fields: [FormFields.Field] = []
    for name in ["type", "direction", "zone", "outcome", "subject", "body"] {
      if let text = sent[name]?.string { fields.append(.init(name, text)) }
    }
    if let minutes = sent["minutes"] { fields.append(.init("duration", minutes.int.map { String($0) } ?? "")) }
    var faults: [APIProblem.Fault] = []
    for (index, party) in (sent["parties"]?.array ?? []).enumerated() {
      let (type, id, name) = (party["type"]?.string ?? "", party["id"]?.string, party["name"]?.string ?? "")
      if id == nil, let known = unseen.firstIndex(where: { $0.name == name && $0.who.posted.hasPrefix(type + ":") }) {
        fields.append(.init("party", unseen.remove(at: known).who.posted))
        continue
      }
      guard let who = Party.Who(type + ":" + (id ?? name), context.composition.records), (id == nil) == (type == "text") else {
        faults.append(.init("/parties/\(index)", Message("A participant couldn’t be read. Choose them again.")))
        continue
      }
      fields.append(.init("party", who.posted))
    }
    let names = Set(fields.map(\.name) + (sent["parties"] == nil ? [] : ["party"]))
    let former = stored?.type
    var form = InteractionForm(
      FormFields(before.filter { !names.contains($0.name) && $0.name != "base" } + fields), context.composition.records, former: former)
    var details = form.times(now: context.now, viewerZone: try context.user.timeZone, stored: stored)
    if let text = sent["occurred_at"]?.string {
      if let moment = Timestamp(withOffset: text), 1900...2199 ~= moment.civil.year {
        details.occurredAt = moment
      } else {
        faults.append(.init("/occurred_at", Message("Invalid time. Enter it like 2026-11-20T14:05:00Z.")))
      }
    }
    guard faults.isEmpty else { throw APIProblem(.invalid, faults: faults) }
    guard form.problems.isEmpty else { throw Self.problem(form.problems) }
    return (form, details)
  }

  private func outcome(_ outcome: Outcome) throws -> RecordID {
    if case .invalid(let errors) = outcome { throw Self.problem(errors) }
    return try outcome.id(of: nil)
  }

  /// The members that stand for inputs of the form.
  private static func problem(_ errors: ValidationErrors) -> APIProblem {
    APIProblem(errors, of: nil, names: ["duration": "minutes", "party_text": "parties", "party": "parties"])
  }
}
