import Admin
import Base
import Store

/// A notification: a mention, a reply, an assignment, or what a customer has done.
enum Notifications {
  struct Line: Sendable {
    let seq: Int
    let reason: String
    let isRead: Bool
    let at: String
    let author: String
    /// The comment, if there is one.
    let comment: (id: String, body: String)?
    let record: (kind: RecordType, id: String, name: String)
  }

  /// Tells those who are mentioned and whom it answers: each once, nobody of their own words, and only who may see the record.
  static func send(
    about comment: Comment, on record: RecordHeader, mentioned: [RecordID], answering parent: Comment?, _ act: ActContext
  ) throws {
    let answered = parent?.authorID.flatMap { RecordID($0) }
    for user in mentioned + [answered].compactMap({ $0 }) where user.text != act.actor.id {
      guard try maySee(user, record, in: act.db) else { continue }
      try act.db.run(
        """
        INSERT INTO notifications (user_id, record_id, comment_id, reason, author_name, created_at)
        VALUES (\(user), \(record.id), \(comment.id), \(mentioned.contains(user) ? "mention" : "reply"), \(comment.authorName), \(act.now))
        ON CONFLICT DO NOTHING
        """)
    }
  }

  /// Tells whom a field of a record names now, unless they chose themselves. Whom it named before need not read of it any more.
  static func assign(_ user: String, _ column: String, of record: RecordID, _ act: ActContext) throws {
    try act.db.run(
      """
      DELETE FROM notifications WHERE record_id = \(record) AND field = \(column) AND (read_at IS NULL OR user_id = \(user))
      """)
    guard let user = RecordID(user), user.text != act.actor.id else { return }
    try act.db.run(
      """
      INSERT INTO notifications (user_id, record_id, field, reason, author_name, created_at)
      VALUES (\(user), \(record), \(column), 'assignment', \(act.actor.name), \(act.now))
      """)
  }

  /// What a customer has done.
  enum Reason: String {
    case customerComment = "customer_comment"
    case customerAccepted = "customer_accepted"
    case customerDeclined = "customer_declined"
  }

  /// Tells the owner of a record what a customer has done, if they may see it.
  static func tell(_ user: RecordID?, _ reason: Reason, on record: RecordHeader, comment: RecordID? = nil, _ act: ActContext) throws {
    guard let user, try maySee(user, record, in: act.db) else { return }
    try act.db.run(
      """
      INSERT INTO notifications (user_id, record_id, comment_id, reason, author_name, created_at)
      VALUES (\(user), \(record.id), \(comment), \(reason.rawValue), \(act.actor.name), \(act.now))
      """)
  }

  private static func maySee(_ user: RecordID, _ record: RecordHeader, in db: Database) throws -> Bool {
    let held = try HeldRoles.find(user: user.text, in: db)
    let scope = Scope(held.grants.level(on: record.type.resource), on: record.type.resource, user: user.text)
    return try record.type.header(record.id, scope, db) != nil
  }

  /// What can be shown of a user's notifications: nothing of what is deleted, in the trash, or out of reach.
  private static func visible(to context: RequestContext) throws -> SQL {
    let record = try context.reach.record("n.record_id")
    return """
      FROM notifications n LEFT JOIN comments m ON m.id = n.comment_id\(record.join)
      WHERE n.user_id = \(try context.user.id) AND m.deleted_at IS NULL AND \(record.name) IS NOT NULL
      """
  }

  /// How many are unread, counted up to a hundred.
  static func unread(for context: RequestContext, in db: Database) throws -> Int {
    // Every page asks; most people have nothing unread, whatever they may see.
    guard try db.value("SELECT EXISTS (SELECT 1 FROM notifications WHERE user_id = \(context.user.id) AND read_at IS NULL)") == 1 else {
      return 0
    }
    return try db.value("SELECT count(*) FROM (SELECT 1 \(visible(to: context)) AND n.read_at IS NULL LIMIT 100)") ?? 0
  }

  /// The newest first.
  static func lines(for context: RequestContext, before seq: Int?, limit: Int, in db: Database) throws -> [Line] {
    try lines(for: context, "AND n.seq < \(seq ?? Int.max) ORDER BY n.seq DESC LIMIT \(limit)", in: db)
  }

  static func find(_ seq: Int, for context: RequestContext, in db: Database) throws -> Line? {
    try lines(for: context, "AND n.seq = \(seq)", in: db).first
  }

  private static func lines(for context: RequestContext, _ which: SQL, in db: Database) throws -> [Line] {
    let record = try context.reach.record("n.record_id")
    return try db.all(
      """
      SELECT n.seq, n.reason, n.read_at IS NOT NULL, n.created_at, n.author_name, m.id, m.body, \(record.type), n.record_id, \(record.name)
      \(visible(to: context)) \(which)
      """
    ) { row in
      context.composition.records[row.text(7)].map { kind in
        Line(
          seq: row.int(0), reason: row.text(1), isRead: row.bool(2), at: row.text(3), author: row.text(4),
          comment: row.textOrNil(5).map { ($0, row.text(6)) }, record: (kind, row.text(8), row.text(9)))
      }
    }.compactMap(\.self)
  }

  static func setRead(_ seq: Int, _ user: RecordID, now: Timestamp, in db: Database) throws {
    try db.run("UPDATE notifications SET read_at = \(now) WHERE seq = \(seq) AND user_id = \(user) AND read_at IS NULL")
  }

  /// All that the visitor can see: what is hidden at the moment is new when it comes back.
  static func setAllRead(for context: RequestContext, in db: Database) throws {
    try db.run(
      "UPDATE notifications SET read_at = \(context.now) WHERE seq IN (SELECT n.seq \(visible(to: context)) AND n.read_at IS NULL)")
  }
}

extension UserField.Effect {
  /// Whom the field names finds it in the inbox.
  static let notification = UserField.Effect(rows: ("notifications", "record_id"), apply: Notifications.assign)
}
