import Admin
import Base
import Store

/// All SQL over comments.
enum CommentStore {
  private static let columns = """
    seq, id, thread, parent_id, author_id, author_name, body, version, created_at, edited_at, deleted_at IS NOT NULL
    """

  private static func comment(_ row: borrowing Row) -> Comment {
    Comment(
      seq: row.int(0), id: row.recordID(1), thread: row.int(2), parent: row.recordIDOrNil(3), authorID: row.textOrNil(4),
      authorName: row.text(5), body: row.text(6), version: row.int(7), createdAt: row.text(8), editedAt: row.textOrNil(9),
      isDeleted: row.bool(10))
  }

  /// A comment on this record. One on another is not found.
  static func find(_ id: RecordID, on record: RecordID, in db: Database) throws -> Comment? {
    try db.first("SELECT \(raw: columns) FROM comments WHERE id = \(id) AND record_id = \(record)", comment)
  }

  /// All comments of the newest threads that began before a number, and whether there are more.
  static func threads(on record: RecordID, before seq: Int?, limit: Int, in db: Database) throws -> (comments: [Comment], more: Int?) {
    let roots = try db.all(
      "SELECT seq FROM comments r WHERE \(begins(record)) AND seq < \(seq ?? Int.max) ORDER BY seq DESC LIMIT \(limit + 1)"
    ) { $0.int(0) }
    let shown = roots.prefix(limit)
    let comments = try db.all(
      """
      SELECT \(raw: columns) FROM comments
      WHERE thread IN \(SQL.each(shown)) ORDER BY seq
      """, comment)
    return (comments, roots.count > limit ? shown.last : nil)
  }

  /// A query for all comments on a record.
  static func rows(on record: RecordID) -> SQL { "SELECT 1 FROM comments WHERE record_id = \(record) AND deleted_at IS NULL" }

  /// Whether there are threads that began at a number or later.
  static func hasThreads(on record: RecordID, from seq: Int, in db: Database) throws -> Bool {
    try db.value("SELECT EXISTS (SELECT 1 FROM comments r WHERE \(begins(record)) AND seq >= \(seq))") == 1
  }

  /// What is the first of a thread. One of which nothing is left is none.
  private static func begins(_ record: RecordID) -> SQL {
    """
    record_id = \(record) AND parent_id IS NULL
      AND (deleted_at IS NULL OR EXISTS (SELECT 1 FROM comments a WHERE a.thread = r.seq AND a.deleted_at IS NULL))
    """
  }

  static func insert(
    _ body: String, on record: RecordID, answering parent: Comment?, _ act: ActContext
  ) throws -> Comment {
    let id = RecordID.make(at: act.now)
    let seq = (try act.db.value("SELECT max(seq) FROM comments") ?? 0) + 1
    try act.db.run(
      """
      INSERT INTO comments (seq, id, record_id, thread, parent_id, author_id, author_name, body, created_at)
      VALUES (\(seq), \(id), \(record), \(parent?.thread ?? seq), \(parent?.id.text), \(act.actor.id), \(act.actor.name), \(body), \(act.now))
      """)
    guard let made = try find(id, on: record, in: act.db) else { throw HTTPError.notFound }
    return made
  }

  static func find(_ body: String, byNobodyOfName name: String, on record: RecordID, since: Timestamp, in db: Database) throws -> RecordID?
  {
    try db.first(
      """
      SELECT id FROM comments WHERE record_id = \(record) AND author_id IS NULL AND author_name = \(name) AND body = \(body)
        AND created_at > \(since) AND deleted_at IS NULL
      """
    ) { $0.recordID(0) }
  }

  /// `false` if somebody was faster.
  static func update(_ id: RecordID, _ body: String, from version: Int, _ act: ActContext) throws -> Bool {
    try act.db.run(
      """
      UPDATE comments SET body = \(body), version = version + 1, edited_at = \(act.now)
      WHERE id = \(id) AND version = \(version) AND deleted_at IS NULL
      """) == 1
  }

  static func setDeleted(_ isDeleted: Bool, _ id: RecordID, _ act: ActContext) throws -> Bool {
    try act.db.run(
      "UPDATE comments SET deleted_at = \(isDeleted ? act.now : nil) WHERE id = \(id) AND (deleted_at IS NULL) = \(isDeleted)") == 1
  }
}
