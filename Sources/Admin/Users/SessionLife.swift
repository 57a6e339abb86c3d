import Base
import Store

/// How long sessions last, in seconds: without use, and in all.
package struct SessionLife: Sendable, Equatable {
  let idle: Int
  let absolute: Int

  /// The longest that can be chosen: a browser keeps its cookie so long, and the server decides.
  static let longest = 365 * 24 * 3600
  static let longestIdle = 30 * 24 * 3600

  /// How stale `seen_at` may become before it is written again.
  var seenEvery: Int { min(300, idle / 10) }

  /// Whether a row of `sessions` is a live session.
  func isLive(_ table: String, at now: Timestamp) -> SQL {
    """
    \(raw: table).ended_at IS NULL AND \(raw: table).created_at > \(now.adding(seconds: -absolute))
      AND \(raw: table).seen_at > \(now.adding(seconds: -idle))
    """
  }
}

extension Settings {
  package var sessionLife: SessionLife {
    SessionLife(idle: Int(self[.sessionIdle].text) ?? 0, absolute: Int(self[.sessionLength].text) ?? 0)
  }
}

extension Setting {
  static let sessionIdle = Setting(
    Field(
      "session_idle", "Sign out after inactivity", spans(["900", "3600", "28800", "86400", "604800", "1209600", "2592000"]),
      hint: "Sessions end after this much inactivity. This also applies to sessions that are already open."),
    default: .text("1209600"),
    check: { _, all in
      all.sessionLife.idle > all.sessionLife.absolute ? Message("Choose a time that is not longer than the longest session.") : nil
    })

  static let sessionLength = Setting(
    Field(
      "session_length", "Longest session", spans(["28800", "86400", "604800", "2592000", "5184000", "7776000", "31536000"]),
      hint: "After this long, users have to sign in again, even if they’re active."),
    default: .text("5184000"),
    check: { _, all in
      all.sessionLife.idle > all.sessionLife.absolute ? Message("Choose a time that is not shorter than the one for inactivity.") : nil
    })

  private static func spans(_ seconds: [String]) -> ChoiceField {
    let labels = [
      "900": "15 minutes", "3600": "1 hour", "28800": "8 hours", "86400": "1 day", "604800": "7 days", "1209600": "14 days",
      "2592000": "30 days", "5184000": "60 days", "7776000": "90 days", "31536000": "1 year",
    ]
    return ChoiceField(choices: seconds.map { ($0, labels[$0] ?? $0) })
  }
}
