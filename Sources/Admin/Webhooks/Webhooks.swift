import Base
import Crypto
import HTTPClient
import Store
import Templating

/// Telling other programs what happens. An entry of the activity log asks for the job that collects; that one makes a delivery for each webhook which wants
/// the event, and each delivery is a job of its own, tried again with longer and longer rests.
enum Webhooks {
  /// How often sending may fail in a row before a webhook is turned off.
  static let mostFailures = 30

  static let privateAddresses = Setting(
    Field(
      "webhooks_private", "Private addresses", FlagField(),
      hint: "Lets webhooks reach addresses inside your network. Otherwise nothing but the public internet is reached."))

  static let collecting = JobKind("webhook-events", "Webhook events", run: collect)
  static let delivering = JobKind(
    "webhook-delivery", "Webhook delivery", retry: RetryPolicy(attempts: 12, first: 30, longest: 6 * 3600), run: deliver)

  /// Called with each entry of the activity log, in its transaction.
  static func happened(_ act: ActContext) throws {
    guard act.batch == nil, try WebhookStore.isAnyListening(in: act.db) else { return }
    try Jobs.enqueue(collecting, key: "events", now: act.now, in: act.db)
  }

  // MARK: Collecting

  private static let eventsAtOnce = 50

  @Sendable private static func collect(_ run: JobRun) throws -> JobResult {
    let types = run.services.composition.records
    var count = 0
    try run.steps { db in
      // What happens while the CRM is off waits until it is on again.
      guard try run.services.settings.current(in: db).isCRMOn else { return false }
      let listeners = try WebhookStore.listeners(in: db)
      guard let first = listeners.map(\.since).min() else { return false }
      let events = try WebhookStore.events(after: first, limit: eventsAtOnce, in: db)
      guard let last = events.last else { return false }
      for event in events {
        // Not of webhooks themselves: what one does would lead to the next event.
        guard let type = types[event.type], type !== RecordType.webhook else { continue }
        for listener in listeners where listener.wants(event) {
          let grants = try HeldRoles.find(user: listener.maker, in: db).grants
          guard grants.may(.read, on: type.resource) else { continue }
          let reach = RecordReach(types, types.all.map { Scope(grants.level(on: $0.resource), on: $0.resource, user: listener.maker) })
          let history = HistoryReach(reach, seesFiles: grants.may(.readOwn, on: .files))
          let payload = event.payload(try data(of: event.record, type, within: reach, in: db)) { field in
            history.shows(run.services.composition.field(field, of: type).names)
          }.text
          let id = try WebhookStore.add(
            payload, event.name, about: (event.record, event.recordName), to: listener.id, now: run.now, in: db)
          try send(id, now: run.now, in: db)
          count += 1
        }
      }
      try WebhookStore.told(listeners.map(\.id), upTo: last.seq, in: db)
      return events.count == eventsAtOnce
    }
    return JobResult(Message("Events to send: {n}", ["n": String(count)]), data: .int(count))
  }

  private static func data(of id: RecordID, _ type: RecordType, within reach: RecordReach, in db: Database) throws -> JSON {
    guard let record = try type.record(id, in: db) else { return .null }
    return try JSON(parsing: String(decoding: RecordJSON(type).json(record, within: reach, in: db), as: UTF8.self))
  }

  /// `isAsked`: somebody wants just this one, whether the webhook is on or not.
  static func send(_ delivery: RecordID, isAsked: Bool = false, now: Timestamp, in db: Database) throws {
    try Jobs.enqueue(
      delivering, .object(["delivery": .string(delivery.text), "asked": .bool(isAsked)]), key: delivery.text,
      priority: isAsked ? .high : .normal, now: now, in: db)
  }

  // MARK: Delivering

  private static let headers = ["content-type: application/json", "user-agent: Roost-Webhooks", "expect:"]

  @Sendable private static func deliver(_ run: JobRun) throws -> JobResult {
    guard let id = run.arguments["delivery"]?.string.flatMap({ RecordID($0) }) else { throw gone }
    let (delivery, target, allowsPrivate) = try run.services.store.read { db in
      let delivery = try WebhookStore.delivery(id, in: db)
      let target = try delivery.flatMap { try WebhookStore.target($0.webhook, in: db) }
      return (delivery, target, !(try run.services.settings.current(in: db))[privateAddresses].isEmpty)
    }
    guard let delivery, let target, let secret = WebhookSignature.box(run.services.key).open(target.secret) else { throw gone }
    guard target.isOn || run.arguments["asked"] == .bool(true) else { throw off }
    let body = Array(delivery.payload.utf8)
    let signed = headers + WebhookSignature.headers(body, id: delivery.id.text, at: run.now, secret: secret)
    var (status, milliseconds, answer, problem): (Int?, Int, String, Message?)
    do {
      let reply = try run.services.post(body, target.url, signed, allowsPrivate)
      (status, milliseconds) = (reply.status, reply.milliseconds)
      answer = TextNormalizing.clean(String(decoding: reply.body, as: UTF8.self))
      problem = 200..<300 ~= reply.status ? nil : Message("The address answered {status}.", ["status": String(reply.status)])
    } catch {
      (status, milliseconds, problem) = (nil, 0, error.message)
      if case .failed(_, let time) = error { milliseconds = time }
      answer = error.message.text(in: .english)
    }
    // A receiver that says so wants no more.
    let isGone = status == 410
    let isLast = isGone || run.attempt >= delivering.retry.attempts
    try run.step { db in
      let failures = try WebhookStore.note(
        delivery, isDelivered: problem == nil, isLast: isLast, status: status, milliseconds: milliseconds, answer: answer, in: db)
      if target.isOn, isGone || failures >= mostFailures {
        let act = ActContext(db: db, principal: .program(), now: run.now, types: run.services.composition.records.all)
        try WebhookStore.pause(delivery.webhook, act)
      }
    }
    if let problem { throw JobFailure(problem, isFinal: isGone) }
    return JobResult(Message("Delivered."))
  }

  private static var off: JobFailure { JobFailure(Message("The webhook is off."), isFinal: true) }
  private static var gone: JobFailure { JobFailure(Message("The webhook is gone."), isFinal: true) }
}

extension HTTPClient.Failure {
  var message: Message {
    switch self {
    case .address: Message("This isn’t a URL that can be reached.")
    case .unknownHost(let host): Message("Host not found: {host}", ["host": host])
    case .privateAddress(let address): Message("{address} isn’t a public address.", ["address": address])
    case .failed(let reason, _): Message("No answer: {reason}", ["reason": reason])
    }
  }
}
