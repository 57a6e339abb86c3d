package import Base

/// Someone who can sign in.
package struct User: Sendable {
  package let id: RecordID
  var email: String
  var name: String
  /// Its active roles.
  package var roles: [RoleGrants]
  /// What they give together.
  package var grants: Grants
  /// Empty: as the browser asks for.
  var language: String
  /// IANA.
  package var timeZone: String
  /// `auto`, `light` or `dark`.
  var theme: String
}

/// A signed-in browser.
package struct Session: Sendable {
  let id: RecordID
  package let user: User
  let seenAt: Timestamp
}

/// How long sessions last: without use, and in all.
enum SessionLife {
  static let idle = 14 * 24 * 3600
  static let absolute = 60 * 24 * 3600
  /// How stale `seen_at` may become before it is written again, in seconds.
  static let seenEvery = 300
}
