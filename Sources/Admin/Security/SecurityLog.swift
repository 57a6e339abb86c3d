import Base
import Store

/// Who came in, who was refused, and who was given rights. Beside the audit log, which is about records: those who read that one need not know this.
enum SecurityLog {
  struct Line: Sendable {
    let seq: Int
    let at: String
    let kind: String
    let account: String
    let address: String
    let agent: String
    let detail: String
  }

  /// How many entries are kept, the newest: so many in all, and so many of refused tries among them, which strangers can make by the thousand.
  private static let most = 100_000
  private static let mostRefused = 10_000
  /// Entries between two tidyings.
  private static let tidyEvery = 64

  static func record(_ event: SecurityEvent, now: Timestamp, in db: Database) throws {
    let seq = try db.value(
      """
      INSERT INTO security_log (at, event, account, user_id, address, agent, detail)
      VALUES (\(now), \(event.kind.rawValue), \(event.account), \(event.user?.text), \(event.place.address), \(event.place.agent), \(event.detail))
      RETURNING seq
      """)
    if let seq, seq.isMultiple(of: tidyEvery) { try tidy(in: db) }
  }

  static func tidy(most: Int = most, mostRefused: Int = mostRefused, in db: Database) throws {
    let refused = SecurityEvent.Kind.signInRefused.rawValue
    try db.run(
      """
      DELETE FROM security_log WHERE event = \(refused)
        AND seq <= (SELECT seq FROM security_log WHERE event = \(refused) ORDER BY seq DESC LIMIT 1 OFFSET \(mostRefused))
      """)
    try db.run("DELETE FROM security_log WHERE seq <= (SELECT seq FROM security_log ORDER BY seq DESC LIMIT 1 OFFSET \(most))")
  }

  /// The newest first. `account` is somebody's name or address, or an address that nobody has and that was tried; empty for all.
  static func entries(of account: String, before seq: Int?, limit: Int, in db: Database) throws -> [Line] {
    var condition: SQL = "seq < \(seq ?? Int.max)"
    if !account.isEmpty {
      let users = try UserStore.find(account, in: db).map(\.id)
      condition = condition + (users.isEmpty ? " AND user_id IS NULL AND account = \(account)" : " AND user_id IN \(SQL.list(users))")
    }
    return try db.all(
      "SELECT seq, at, event, account, address, agent, detail FROM security_log WHERE \(condition) ORDER BY seq DESC LIMIT \(limit)"
    ) {
      Line(
        seq: $0.int(0), at: $0.text(1), kind: $0.text(2), account: $0.text(3), address: $0.text(4), agent: $0.text(5), detail: $0.text(6))
    }
  }
}

package let security = Feature(name: "security", migrations: [.securityLog])
