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
  /// Whether signing in asks for a code.
  var hasTotp = false
}

/// A signed-in browser.
package struct Session: Sendable {
  let id: RecordID
  package let user: User
  let seenAt: Timestamp
}
