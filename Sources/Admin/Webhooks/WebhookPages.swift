import Base
import Crypto
import Store
import Templating
import Web

/// What can be done with a webhook besides editing: its secret, a test, sending again; and the panel that shows what was sent.
enum WebhookPages {
  private static let path = RecordType.webhook.path + "/{id}"
  private static let access = Access.write(.settings)

  static let routes: [Route] = [
    .post(path + "/secret", access, keepsForms: false, makeSecret), .post(path + "/test", access, keepsForms: false, test),
    .post(path + "/deliveries/{delivery}/send", access, keepsForms: false, sendAgain),
  ]

  /// The webhook that the route names, for those who may see what it sends.
  private static func allowed(_ context: RequestContext) throws -> RecordHeader {
    let webhook = try context.header(of: .webhook)
    let maker = try context.store.read { db in try WebhookStore.makersGrants(of: webhook.id, in: db) }
    guard context.grants.covers(maker, over: context.composition.resources) else {
      throw HTTPError.forbidden(Message("This webhook sends data you don’t have access to. Ask an owner or admin."))
    }
    return webhook
  }

  /// Shows the secret once.
  @Sendable private static func makeSecret(_ context: RequestContext) throws -> Response {
    let webhook = try allowed(context)
    let secret = WebhookSignature.makeSecret()
    // Of a form that is sent twice only the first stores one.
    var isStored = false
    let outcome = try context.act { act in
      try WebhookStore.setSecret(WebhookSignature.box(context.services.key).seal(secret), of: webhook.id, in: act.db)
      isStored = true
      return try act.done("webhook.secret_made", webhook.id, on: webhook)
    }
    guard outcome.hasChanged, isStored else { return context.redirect(to: webhook.href, .isAsItWas) }
    return context.redirect(
      to: webhook.href, Flash(Message("Copy the secret now. It won’t be shown again."), copy: WebhookSignature.text(of: secret)))
  }

  @Sendable private static func test(_ context: RequestContext) throws -> Response {
    let webhook = try allowed(context)
    guard try isReady(webhook, context) else { return notReady(webhook, context) }
    let payload = JSON.object([
      "event": "test", "at": .string(context.now.text), "actor": .object(["name": .string(try context.user.name)]),
    ])
    try context.store.write { db in
      let id = try WebhookStore.add(payload.text, "test", about: nil, to: webhook.id, now: context.now, in: db)
      try Webhooks.send(id, isAsked: true, now: context.now, in: db)
    }
    return context.redirect(to: webhook.href + "#deliveries", Flash(Message("A test is on its way.")))
  }

  @Sendable private static func sendAgain(_ context: RequestContext) throws -> Response {
    let (webhook, id) = (try allowed(context), try context.id("delivery"))
    guard try isReady(webhook, context) else { return notReady(webhook, context) }
    try context.store.write { db in
      guard try WebhookStore.delivery(id, in: db)?.webhook == webhook.id else { throw HTTPError.notFound }
      try WebhookStore.waitAgain(id, in: db)
      try Webhooks.send(id, isAsked: true, now: context.now, in: db)
    }
    return context.redirect(to: webhook.href + "#deliveries", Flash(Message("Sending again.")))
  }

  private static func isReady(_ webhook: RecordHeader, _ context: RequestContext) throws -> Bool {
    try context.store.read { db in try WebhookStore.target(webhook.id, in: db) != nil }
  }

  private static func notReady(_ webhook: RecordHeader, _ context: RequestContext) -> Response {
    context.redirect(to: webhook.href, Flash(Message("Create a secret first."), kind: .problem))
  }

  // MARK: Panel

  private static let shown = 30

  private static let deliverySchema = ViewSchema(
    "webhook-delivery",
    [
      ("event", .text), ("record", .text), ("status", .text), ("answered", .text), ("time", .text), ("attempts", .int), ("at", .text),
      ("created", .text), ("answer", .text), ("payload", .text), ("action", .text),
    ])
  private static let schema = ViewSchema(
    "webhook-panel",
    [
      ("hasSecret", .bool), ("paused", .optional(.text)), ("secretAction", .text), ("testAction", .text), ("isTrashed", .bool),
      ("deliveries", .list(.record(deliverySchema))),
    ])

  static let panel = RecordPanel(place: .main, template: "api/webhook", schema: schema) { schema, record, context, db in
    let state = try WebhookStore.state(of: record.id, in: db)
    let path = record.type.path(of: record.id.text)
    let formats = context.formats
    let maySee = try context.grants.covers(WebhookStore.makersGrants(of: record.id, in: db), over: context.composition.resources)
    let deliveries = try (maySee ? WebhookStore.deliveries(to: record.id, limit: shown, in: db) : []).map { delivery -> Value in
      .record(
        ViewData(
          deliverySchema,
          [
            .text(delivery.event), .text(delivery.recordName), .text(delivery.status),
            .text(delivery.answerStatus.map(String.init) ?? ""),
            .text(delivery.milliseconds.map { formats.number($0) + " ms" } ?? ""), .int(delivery.attempts), .text(delivery.createdAt),
            .text(formats.minute(delivery.createdAt)), .text(String(delivery.answer.prefix(500))), .text(delivery.payload),
            .text("\(path)/deliveries/\(delivery.id.text)/send"),
          ]))
    }
    return ViewData(
      schema,
      [
        .bool(state.hasSecret), state.pausedAt.map { .text(formats.minute($0)) } ?? .null, .text(path + "/secret"), .text(path + "/test"),
        .bool(record.isTrashed), .list(deliveries),
      ])
  }
}
