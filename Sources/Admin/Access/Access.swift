/// What a route asks of its visitor.
package enum Access: Sendable, Equatable, CustomStringConvertible {
  /// Anyone, signed in or not.
  case anyone
  /// Anyone who is signed in, whatever their roles.
  case signedIn
  /// A level on a resource. A visitor without any level on it gets 404, one with too low a level 403.
  case needs(Level, on: Resource)
  /// Each of these.
  indirect case all([Access])

  /// What is asked for on resources.
  package var needs: [(level: Level, resource: Resource)] {
    switch self {
    case .anyone, .signedIn: []
    case .needs(let level, let resource): [(level, resource)]
    case .all(let each): each.flatMap(\.needs)
    }
  }

  /// Whether somebody with these rights, who is signed in, has what is asked for.
  package func admits(_ grants: Grants) -> Bool { needs.allSatisfy { grants.may($0.level, on: $0.resource) } }

  /// As `roost routes` shows it.
  package var description: String {
    switch self {
    case .anyone: "anyone"
    case .signedIn: "signed in"
    case .needs(let level, let resource): "\(level) on \(resource.name)"
    case .all(let each): each.map(\.description).joined(separator: ", ")
    }
  }

  package static func see(_ resource: Resource) -> Access { .needs(.readOwn, on: resource) }
  package static func write(_ resource: Resource) -> Access { .needs(.write, on: resource) }
  package static func full(_ resource: Resource) -> Access { .needs(.full, on: resource) }

  package func and(_ other: Access) -> Access { .all([self, other]) }
}
