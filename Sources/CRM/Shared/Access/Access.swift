/// What rights are given on.
package enum Resource: String, Sendable, CaseIterable {
  case contacts, companies, tasks, activity, users, settings
}

/// How far a right goes. Each level holds all before it.
package enum Level: Int, Sendable, Comparable {
  case none, readOwn, read, write, full

  package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
}

/// The built-in roles.
package enum Role: String, Sendable, CaseIterable {
  case owner, admin, manager, factory, member
}

/// The one table of grants. Whatever is not here is not allowed.
package enum Grants {
  static let table: [Role: [Resource: Level]] = [
    .owner: [.contacts: .full, .companies: .full, .tasks: .full, .activity: .full, .users: .full, .settings: .full],
    .admin: [.contacts: .full, .companies: .full, .tasks: .full, .activity: .full, .users: .full, .settings: .full],
    .manager: [.contacts: .write, .companies: .write, .tasks: .write, .activity: .read, .users: .read],
    .factory: [.contacts: .readOwn, .companies: .readOwn, .tasks: .readOwn],
    .member: [:],
  ]

  /// The highest level that any of the roles gives.
  package static func level(of roles: [Role], on resource: Resource) -> Level {
    roles.reduce(.none) { max($0, table[$1]?[resource] ?? .none) }
  }
}

/// What a route asks of its visitor.
package enum Access: Sendable, Equatable {
  /// Anyone, signed in or not.
  case anyone
  /// Anyone who is signed in, whatever their roles.
  case signedIn
  /// A level on a resource. A visitor without any level on it gets 404, one with too low a level 403.
  case needs(Level, on: Resource)

  /// Whether somebody with these roles, who is signed in, has what is asked for.
  func admits(_ roles: [Role]) -> Bool {
    guard case .needs(let level, let resource) = self else { return true }
    return Grants.level(of: roles, on: resource) >= level
  }

  static func see(_ resource: Resource) -> Access { .needs(.readOwn, on: resource) }
  static func write(_ resource: Resource) -> Access { .needs(.write, on: resource) }
  static func full(_ resource: Resource) -> Access { .needs(.full, on: resource) }
}

/// Which records of a resource a visitor's queries may reach.
package enum Scope: Sendable, Equatable {
  case all
  /// Only records that this user owns or created.
  case own(user: String)
  case nothing

  /// How far a level reaches.
  init(_ level: Level, user: String) {
    self = level >= .read ? .all : level == .readOwn ? .own(user: user) : .nothing
  }
}
