package import Base

/// Someone who can sign in.
package struct User: Sendable {
  package var id: RecordID
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
  /// Whether signing in asks for a code.
  var hasTotp = false
}

/// A signed-in browser.
package struct Session: Sendable {
  let id: RecordID
  package var user: User
  let createdAt: Timestamp
  let seenAt: Timestamp
  /// Whether it shows the product as somebody else sees it; `user` is that one then.
  package var view: ViewAs.View?
}

extension Session {
  /// When it expires if it isn't used.
  func until(_ life: SessionLife) -> Timestamp { min(createdAt.adding(seconds: life.absolute), seenAt.adding(seconds: life.idle)) }
}
