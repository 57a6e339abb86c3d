/// Which records of a resource a visitor's queries may reach.
package enum Scope: Sendable, Equatable {
  case all
  /// Only records that this user owns or created.
  case own(user: String)
  case nothing

  /// How far a level reaches.
  package init(_ level: Level, user: String) {
    self = level >= .read ? .all : level == .readOwn ? .own(user: user) : .nothing
  }
}
