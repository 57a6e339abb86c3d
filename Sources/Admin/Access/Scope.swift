/// Which records of a resource a visitor's queries may reach.
package enum Scope: Sendable, Equatable {
  case all
  /// Only records that this user owns or created, or that are reached through one of theirs.
  case own(user: String, through: [OwningLink] = [])
  case nothing

  /// How far a level on a resource reaches.
  package init(_ level: Level, on resource: Resource, user: String) {
    self = level >= .read ? .all : level == .readOwn ? .own(user: user, through: resource.ownThrough) : .nothing
  }
}

/// A table whose records give access to another record: their owners may read what they link to.
package struct OwningLink: Sendable, Equatable {
  let table: String
  /// The column with the id of the other record.
  let column: String
  /// Why somebody may read the other record, as a text with `{record}` and `{name}`.
  package let reason: String

  package init(_ table: String, _ column: String, reason: String) { (self.table, self.column, self.reason) = (table, column, reason) }
}
