package import Store

/// What somebody may do: the best of what each of their roles gives. Read with the session by each request, so that a change holds from the next one on.
package struct Grants: Sendable, Hashable {
  package static let nothing = Grants(roles: [])

  private let roles: [RoleGrants]
  /// What it is limited to, whatever the roles give.
  private var limits: [[String: Level]] = []
  private var isWithoutCRM = false

  package init(roles: [RoleGrants]) { self.roles = roles }

  package func level(on resource: Resource) -> Level {
    if isWithoutCRM, resource.isOfCRM { return .none }
    var level = Level.none
    for role in roles { level = max(level, role.level(on: resource)) }
    for limit in limits { level = min(level, resource.isImplied ? .readOwn : limit[resource.name] ?? .none) }
    return level
  }

  package func may(_ level: Level, on resource: Resource) -> Bool { self.level(on: resource) >= level }

  /// The same rights, and none beyond these levels by the names of resources.
  package func limited(to levels: [String: Level]) -> Grants {
    var grants = self
    grants.limits.append(levels)
    return grants
  }

  /// The same while the CRM is switched off.
  var withoutCRM: Grants {
    var grants = self
    grants.isWithoutCRM = true
    return grants
  }

  /// Whether they are all that somebody could have who isn't limited in any way.
  package var isUnlimited: Bool { limits.isEmpty && roles.contains { $0.builtIn?.isUnlimited == true } }

  package var isOwner: Bool { limits.isEmpty && roles.contains { $0.builtIn == .owner } }

  /// Whether somebody with these rights may do everything that others with those rights may, and so may decide on them. Owners answer to owners alone.
  /// What the others could do if their roles were chosen for the CRM counts too, and not whether the CRM is switched on just now.
  package func covers(_ other: Grants, over resources: [Resource]) -> Bool {
    if other.isOwner { return isOwner }
    var (mine, theirs) = (self, Grants(roles: other.roles.map(\.withCRM)))
    mine.isWithoutCRM = false
    theirs.limits = other.limits
    return resources.allSatisfy { mine.level(on: $0) >= theirs.level(on: $0) }
  }
}

/// What one role gives.
package struct RoleGrants: Sendable, Hashable {
  package let id: String
  package let name: String
  package let builtIn: Role?
  /// Whether it was chosen to use the CRM.
  package let usesCRM: Bool
  /// What an owner has decided, by the names of resources; a built-in role has what it had from the start on all others.
  package let levels: [String: Level]

  package init(id: String, name: String, usesCRM: Bool, levels: [String: Level]) {
    (self.id, self.name, builtIn, self.usesCRM, self.levels) = (id, name, Role(id: id), usesCRM, levels)
  }

  /// The same as if it were chosen for the CRM.
  var withCRM: RoleGrants { RoleGrants(id: id, name: name, usesCRM: true, levels: levels) }

  /// A built-in role as it is from the start.
  package init(_ role: Role) { self.init(id: role.id, name: role.rawValue, usesCRM: role != .member, levels: [:]) }

  /// Roles with what they give, active or not. `condition` may end in an order.
  package static func find(_ condition: SQL, in db: Database) throws -> [RoleGrants] {
    try db.all("SELECT id, name, uses_crm, grants FROM roles WHERE \(condition)") {
      RoleGrants(id: $0.text(0), name: $0.text(1), usesCRM: $0.bool(2), levels: levels($0.text(3)))
    }
  }

  package func level(on resource: Resource) -> Level {
    if builtIn?.isUnlimited == true { return .full }
    if resource.isOfCRM, !usesCRM { return .none }
    if resource.isImplied, levels.contains(where: { $0.value > .none }) { return max(.readOwn, builtIn.map(resource.level) ?? .none) }
    return levels[resource.name] ?? builtIn.map(resource.level) ?? .none
  }

  /// Reads levels as they are stored: `contacts=write companies=read`. Few texts are in use, and every request brings one.
  package static func levels(_ text: String) -> [String: Level] {
    known.value(for: text) {
      text.split(separator: " ").reduce(into: [:]) { levels, part in
        let pair = part.split(separator: "=", maxSplits: 1)
        if pair.count == 2, let level = Level(name: pair[1]) { levels[String(pair[0])] = level }
      }
    }
  }

  private static let known = Memo<String, [String: Level]>(atMost: 500)
}

/// The roles of a user, and what they give together.
package struct HeldRoles: Sendable {
  package let roles: [RoleGrants]
  package let grants: Grants

  package static let none = HeldRoles([])

  package init(_ roles: [RoleGrants]) {
    self.roles = roles
    grants = Grants(roles: roles)
  }

  /// From the text that `sql` gives. Few combinations are in use, and every request brings one.
  package init(_ text: String?) {
    guard let text, !text.isEmpty else {
      self = .none
      return
    }
    self = Self.known.value(for: text) { Self(Self.parse(text)) }
  }

  private static let known = Memo<String, HeldRoles>(atMost: 500)

  private static func parse(_ text: String) -> [RoleGrants] {
    text.split(separator: "\u{1E}").compactMap { role in
      let parts = role.split(separator: "\u{1F}", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4 else { return nil }
      return RoleGrants(id: String(parts[0]), name: String(parts[3]), usesCRM: parts[1] == "1", levels: RoleGrants.levels(String(parts[2])))
    }
  }

  /// The roles of a user, as requests need them.
  package static func find(user: String, in db: Database) throws -> HeldRoles { HeldRoles(try db.text("SELECT \(sql(user: "\(user)"))")) }
}
