import Base
import Store

/// All SQL over webhooks and what was sent to them, besides that of records.
enum WebhookStore {
  /// A webhook that is on.
  struct Listener: Sendable {
    let id: RecordID
    let types: [String]
    let actions: [String]
    /// The last entry that it knows of.
    let since: Int
    /// Who made it: it gets no more than they may see.
    let maker: String

    func wants(_ event: WebhookEvent) -> Bool {
      event.seq > since && (types.isEmpty || types.contains(event.type)) && (actions.isEmpty || actions.contains(event.action.rawValue))
    }
  }

  /// Those that are on and have a secret, of makers who may still come in.
  private static let listening: SQL = """
    webhooks w JOIN webhook_states s ON s.webhook_id = w.id JOIN users u ON u.id = w.created_by
    WHERE w.status = 'active' AND s.secret IS NOT NULL AND u.status = 'active'
    """

  static func isAnyListening(in db: Database) throws -> Bool { try db.value("SELECT 1 FROM \(listening) LIMIT 1") == 1 }

  static func listeners(in db: Database) throws -> [Listener] {
    try db.all("SELECT w.id, w.types, w.actions, s.since_seq, w.created_by FROM \(listening)") {
      Listener(
        id: $0.recordID(0), types: ChoicesField.chosen(FieldValue($0.text(1))), actions: ChoicesField.chosen(FieldValue($0.text(2))),
        since: $0.int(3), maker: $0.text(4))
    }
  }

  /// It gets what happens from now on, whether it is new or was off for a while.
  @Sendable static func begin(_ status: String, _ id: RecordID, _ act: ActContext) throws {
    guard status == RecordStatus.usual[0].value else { return }
    try act.db.run(
      """
      INSERT INTO webhook_states (webhook_id, since_seq) VALUES (\(id), (SELECT coalesce(max(seq), 0) FROM activity))
      ON CONFLICT (webhook_id) DO UPDATE SET since_seq = excluded.since_seq, failures = 0, paused_at = NULL
      """)
  }

  /// It shows what its maker may see, so nobody decides on it who may see less.
  @Sendable static func rule(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    if case .trash = change { return ValidationErrors() }
    guard let id = change.record, try act.db.text("SELECT created_by FROM webhooks WHERE id = \(id)") != act.actor.id,
      try !act.principal.covers(makersGrants(of: id, in: act.db), over: act.resources)
    else { return ValidationErrors() }
    return ValidationErrors("", Message("This webhook sends data you don’t have access to. Ask an owner or admin."))
  }

  static func makersGrants(of webhook: RecordID, in db: Database) throws -> Grants {
    guard let maker = try db.text("SELECT created_by FROM webhooks WHERE id = \(webhook)") else { return .nothing }
    return try HeldRoles.find(user: maker, in: db).grants
  }

  static func setSecret(_ secret: String, of id: RecordID, in db: Database) throws {
    try db.run(
      """
      INSERT INTO webhook_states (webhook_id, secret, since_seq) VALUES (\(id), \(secret), (SELECT coalesce(max(seq), 0) FROM activity))
      ON CONFLICT (webhook_id) DO UPDATE SET secret = excluded.secret,
        since_seq = CASE WHEN secret IS NULL THEN excluded.since_seq ELSE since_seq END
      """)
  }

  static func told(_ ids: [RecordID], upTo seq: Int, in db: Database) throws {
    try db.run("UPDATE webhook_states SET since_seq = \(seq) WHERE webhook_id IN \(SQL.list(ids)) AND since_seq < \(seq)")
  }

  /// What happened after an entry, as far as webhooks tell it. An import is one thing, and its records are not told one by one.
  static func events(after seq: Int, limit: Int, in db: Database) throws -> [WebhookEvent] {
    try db.all(
      """
      SELECT seq, at, actor_id, actor_name, action, record_type, record_id, record_name, changes FROM activity
      WHERE seq > \(seq) AND batch IS NULL ORDER BY seq LIMIT \(limit)
      """
    ) {
      WebhookEvent(
        seq: $0.int(0), at: $0.text(1), actor: Actor(id: $0.textOrNil(2), name: $0.text(3)), name: $0.text(4), type: $0.text(5),
        record: $0.recordID(6), recordName: $0.text(7), changes: Change.list($0.text(8)))
    }
  }

  // MARK: Deliveries

  struct Delivery: Sendable {
    let id: RecordID
    let webhook: RecordID
    let event: String
    let recordName: String
    let payload: String
    /// `waiting`, `delivered` or `failed`.
    let status: String
    let attempts: Int
    let answerStatus: Int?
    let milliseconds: Int?
    /// The start of the answer, or why there was none.
    let answer: String
    let createdAt: String
  }

  private static let columns: SQL = """
    id, webhook_id, event, record_name, payload, status, attempts, answer_status, milliseconds, answer, created_at
    """

  private static func delivery(_ row: borrowing Row) -> Delivery {
    Delivery(
      id: row.recordID(0), webhook: row.recordID(1), event: row.text(2), recordName: row.text(3), payload: row.text(4), status: row.text(5),
      attempts: row.int(6), answerStatus: row.intOrNil(7), milliseconds: row.intOrNil(8), answer: row.text(9), createdAt: row.text(10))
  }

  static func add(
    _ payload: String, _ event: String, about record: (id: RecordID, name: String)?, to webhook: RecordID, now: Timestamp, in db: Database
  )
    throws -> RecordID
  {
    let id = RecordID.make(at: now)
    try db.run(
      """
      INSERT INTO webhook_deliveries (id, webhook_id, event, record_id, record_name, payload, created_at)
      VALUES (\(id), \(webhook), \(event), \(record?.id.text), \(record?.name ?? ""), \(payload), \(now))
      """)
    return id
  }

  static func delivery(_ id: RecordID, in db: Database) throws -> Delivery? {
    try db.first("SELECT \(columns) FROM webhook_deliveries WHERE id = \(id)", delivery)
  }

  /// The newest first.
  static func deliveries(to webhook: RecordID, limit: Int, in db: Database) throws -> [Delivery] {
    try db.all("SELECT \(columns) FROM webhook_deliveries WHERE webhook_id = \(webhook) ORDER BY seq DESC LIMIT \(limit)", delivery)
  }

  static func waitAgain(_ id: RecordID, in db: Database) throws {
    try db.run("UPDATE webhook_deliveries SET status = 'waiting' WHERE id = \(id)")
  }

  /// Where a delivery goes: the address and the secret; `nil` if the webhook has none, or is in the trash.
  /// Where to send to, and whether the webhook is on and its maker may still come in.
  static func target(_ webhook: RecordID, in db: Database) throws -> (url: String, secret: String, isOn: Bool)? {
    try db.first(
      """
      SELECT w.url, s.secret, w.status = 'active' AND u.status IS 'active' FROM webhooks w JOIN webhook_states s ON s.webhook_id = w.id
        LEFT JOIN users u ON u.id = w.created_by
      WHERE w.id = \(webhook) AND w.status <> 'trashed' AND s.secret IS NOT NULL
      """
    ) { ($0.text(0), $0.text(1), $0.bool(2)) }
  }

  /// Notes an attempt. Gives how many in a row have failed.
  static func note(
    _ delivery: Delivery, isDelivered: Bool, isLast: Bool, status: Int?, milliseconds: Int, answer: String, in db: Database
  ) throws -> Int {
    let state = isDelivered ? "delivered" : isLast ? "failed" : "waiting"
    try db.run(
      """
      UPDATE webhook_deliveries SET status = \(state), attempts = attempts + 1, answer_status = \(status),
        milliseconds = \(milliseconds), answer = \(answer)
      WHERE id = \(delivery.id)
      """)
    return try db.value(
      """
      UPDATE webhook_states SET failures = \(isDelivered ? "0" : "failures + 1" as SQL) WHERE webhook_id = \(delivery.webhook)
      RETURNING failures
      """) ?? 0
  }

  struct State: Sendable {
    let hasSecret: Bool
    let failures: Int
    let pausedAt: String?
  }

  static func state(of webhook: RecordID, in db: Database) throws -> State {
    try db.first("SELECT secret IS NOT NULL, failures, paused_at FROM webhook_states WHERE webhook_id = \(webhook)") {
      State(hasSecret: $0.bool(0), failures: $0.int(1), pausedAt: $0.textOrNil(2))
    } ?? State(hasSecret: false, failures: 0, pausedAt: nil)
  }

  /// Turns one off that nobody answers, in Roost's name.
  static func pause(_ webhook: RecordID, _ act: ActContext) throws {
    guard let record = try RecordType.webhook.record(webhook, in: act.db), let index = record.type.index(of: "status") else { return }
    var values = record.values
    values[index] = .text(RecordStatus.usual[1].value)
    _ = try record.type.save(values, over: webhook, from: record.version, act)
    try act.db.run("UPDATE webhook_states SET paused_at = \(act.now) WHERE webhook_id = \(webhook)")
  }

  @Sendable static func forget(_ record: RecordID, in db: Database) throws {
    try db.run("DELETE FROM webhook_deliveries WHERE record_id = \(record)")
  }
}
