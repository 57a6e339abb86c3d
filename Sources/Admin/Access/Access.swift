/// What rights are given on: declared once, by the feature that brings it, with what each built-in role may do. Owners and admins may do all.
package struct Resource: Sendable, Equatable {
  let name: String
  private let grants: [Role: Level]

  package init(_ name: String, manager: Level = .none, factory: Level = .none) {
    self.name = name
    grants = [.owner: .full, .admin: .full, .manager: manager, .factory: factory]
  }

  /// The highest level that any of the roles gives.
  package func level(of roles: [Role]) -> Level { roles.reduce(.none) { max($0, grants[$1] ?? .none) } }

  package static func == (a: Resource, b: Resource) -> Bool { a.name == b.name }
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

/// What a route asks of its visitor.
package enum Access: Sendable, Equatable, CustomStringConvertible {
  /// Anyone, signed in or not.
  case anyone
  /// Anyone who is signed in, whatever their roles.
  case signedIn
  /// A level on a resource. A visitor without any level on it gets 404, one with too low a level 403.
  case needs(Level, on: Resource)

  /// Whether somebody with these roles, who is signed in, has what is asked for.
  func admits(_ roles: [Role]) -> Bool {
    guard case .needs(let level, let resource) = self else { return true }
    return resource.level(of: roles) >= level
  }

  /// As `roost routes` shows it.
  package var description: String {
    switch self {
    case .anyone: "anyone"
    case .signedIn: "signed in"
    case .needs(let level, let resource): "\(level) on \(resource.name)"
    }
  }

  package static func see(_ resource: Resource) -> Access { .needs(.readOwn, on: resource) }
  package static func write(_ resource: Resource) -> Access { .needs(.write, on: resource) }
  static func full(_ resource: Resource) -> Access { .needs(.full, on: resource) }
}

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
