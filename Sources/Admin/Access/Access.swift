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

  /// What somebody with these rights gets: `yes`, `own` for their own records, `no` (403) or `-` (404).
  func answer(to grants: Grants) -> String {
    let missing = needs.filter { !grants.may($0.level, on: $0.resource) }
    if isHidden(from: grants) { return "-" }
    if !missing.isEmpty { return "no" }
    return needs.contains { grants.level(on: $0.resource) == .readOwn && !$0.resource.isImplied } ? "own" : "yes"
  }

  /// Whether there is nothing here for somebody with these rights: what hides a part of it hides the whole.
  func isHidden(from grants: Grants) -> Bool { needs.contains { !grants.may(.readOwn, on: $0.resource) && !$0.resource.isRight } }

  package static func see(_ resource: Resource) -> Access { .needs(.readOwn, on: resource) }
  package static func write(_ resource: Resource) -> Access { .needs(.write, on: resource) }
  package static func full(_ resource: Resource) -> Access { .needs(.full, on: resource) }

  package func and(_ other: Access) -> Access { .all([self, other]) }
}
