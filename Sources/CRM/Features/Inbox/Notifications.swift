import Base
import Store

/// What somebody is told of: that they were mentioned, or answered.
enum Notifications {
  struct Line: Sendable {
    let seq: Int
    let reason: String
    let isRead: Bool
    let at: String
    let author: String
    let body: String
    let commentID: String
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
        INSERT INTO notifications (user_id, comment_id, reason, created_at)
        VALUES (\(user), \(comment.id), \(mentioned.contains(user) ? "mention" : "reply"), \(act.now)) ON CONFLICT DO NOTHING
        """)
    }
  }

  private static func maySee(_ user: RecordID, _ record: RecordHeader, in db: Database) throws -> Bool {
    let roles = SessionStore.roles(try db.text("SELECT group_concat(role) FROM user_roles WHERE user_id = \(user)"))
    let scope = Scope(record.type.resource.level(of: roles), user: user.text)
    return try record.type.header(record.id, scope, db) != nil
  }

  /// What can be shown of a user's notifications: nothing of what is deleted, in the trash, or out of reach.
  private static func visible(to context: RequestContext) throws -> SQL {
    let record = try context.reach.record("m.record_id")
    return """
      FROM notifications n JOIN comments m ON m.id = n.comment_id AND m.deleted_at IS NULL\(record.join)
      WHERE n.user_id = \(try context.user.id) AND \(record.name) IS NOT NULL
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
    let record = try context.reach.record("m.record_id")
    return try db.all(
      """
      SELECT n.seq, n.reason, n.read_at IS NOT NULL, n.created_at, m.author_name, m.body, m.id, \(record.type), m.record_id, \(record.name)
      \(visible(to: context)) \(which)
      """
    ) { row in
      context.composition.records[row.text(7)].map { kind in
        Line(
          seq: row.int(0), reason: row.text(1), isRead: row.bool(2), at: row.text(3), author: row.text(4), body: row.text(5),
          commentID: row.text(6), record: (kind, row.text(8), row.text(9)))
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
