import Admin
import Base
import Store

/// The secret link by which a customer reads and answers a quote. A quote has one at most.
struct QuoteLink: Sendable {
  let quote: RecordID
  let sealed: String
  let createdBy: String?
  /// When somebody without rights on quotes opened it first.
  let openedAt: String?
  /// Whether the quote's answer came by it.
  let isAnswered: Bool

  /// What follows the host in its address.
  static func path(_ secret: String) -> String { "/q/" + secret }

  private static let purpose = "quote link"
  private static let columns = "l.quote_id, l.sealed, l.created_by, l.opened_at, l.is_answered"

  private static func link(_ row: borrowing Row) -> QuoteLink {
    QuoteLink(
      quote: row.recordID(0), sealed: row.text(1), createdBy: row.textOrNil(2), openedAt: row.textOrNil(3), isAnswered: row.bool(4))
  }

  static func of(_ quote: RecordID, in db: Database) throws -> QuoteLink? {
    try db.first("SELECT \(raw: columns) FROM quote_links l WHERE l.quote_id = \(quote)", link)
  }

  /// What a link opens, in one query for links that work, that were revoked and that never were: a stranger can't tell them apart. A draft and a quote in
  /// the trash aren't there.
  static func find(_ secret: String, in db: Database) throws -> (link: QuoteLink, quote: Record)? {
    let found = try db.first(
      """
      SELECT \(raw: columns) FROM quote_links l JOIN quotes q ON q.id = l.quote_id
      WHERE l.secret_hash = \(SecretLink.hash(of: secret)) AND q.status NOT IN ('draft', 'trashed')
      """, link)
    guard let found, let quote = try RecordStore.find(found.quote, of: .quote, .all, in: db) else { return nil }
    return (found, quote)
  }

  /// Makes one, in place of the one that the quote has. `false` where there is no key, as at the command line.
  @discardableResult
  static func make(for quote: RecordID, _ act: ActContext) throws -> Bool {
    guard let made = SecretLink.make(for: purpose, act) else { return false }
    try revoke(quote, act)
    try act.db.run(
      """
      INSERT INTO quote_links (secret_hash, quote_id, sealed, created_by, created_at)
      VALUES (\(made.hash), \(quote), \(made.sealed), \(act.actor.id), \(act.now))
      """)
    return true
  }

  /// `false` if there was none.
  @discardableResult
  static func revoke(_ quote: RecordID, _ act: ActContext) throws -> Bool {
    try act.db.run("DELETE FROM quote_links WHERE quote_id = \(quote)") > 0
  }

  /// Only the first time counts.
  static func noteOpened(_ secret: String, at now: Timestamp, in db: Database) throws {
    try db.run("UPDATE quote_links SET opened_at = \(now) WHERE secret_hash = \(SecretLink.hash(of: secret)) AND opened_at IS NULL")
  }

  func noteAnswered(_ act: ActContext) throws {
    try act.db.run("UPDATE quote_links SET is_answered = 1 WHERE quote_id = \(quote)")
  }

  /// The whole address; `nil` if the copy was sealed with another key.
  func address(_ context: RequestContext) -> String? {
    SecretLink.secret(in: sealed, for: Self.purpose, context).map { context.absolute(Self.path($0)) }
  }
}
