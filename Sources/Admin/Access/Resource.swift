/// What rights are given on: declared once, by the feature that brings it, with what each built-in role may do unless an owner has decided otherwise.
/// Owners and admins may do all.
package struct Resource: Sendable, Equatable {
  package let name: String
  /// As the table of rights calls it.
  package let label: String
  /// The levels that a role can have, in order.
  package let levels: [Level]
  /// Whether it is part of the CRM, which only the roles use that are chosen for it.
  package let isOfCRM: Bool
  /// What comes with any right in the CRM, and is no right by itself.
  package let isImplied: Bool
  /// Whether it is something to do with what one may see: who lacks it gets a 403 and not a 404.
  package let isRight: Bool
  /// What makes its records somebody's own besides owning and creating them.
  package let ownThrough: [OwningLink]
  private let manager: Level
  private let factory: Level

  package init(
    _ name: String, _ label: String, levels: [Level] = Level.allCases, isOfCRM: Bool = true, manager: Level = .none, factory: Level = .none,
    ownThrough: [OwningLink] = []
  ) {
    self.ownThrough = ownThrough
    (self.name, self.label, self.levels, self.isOfCRM) = (name, label, levels, isOfCRM)
    (self.manager, self.factory) = (manager, factory)
    (isImplied, isRight) = (false, false)
  }

  /// What comes with any right in the CRM: the search, live updates.
  package init(implied name: String) {
    self.name = name
    (label, ownThrough) = ("", [])
    levels = []
    (isOfCRM, isImplied, isRight) = (true, true, false)
    (manager, factory) = (.read, .readOwn)
  }

  /// Something that may be done with all that one may see: exporting it.
  package init(right name: String, _ label: String, manager: Level, factory: Level = .none) {
    (self.name, self.label, levels, isOfCRM, ownThrough) = (name, label, [.none, .full], true, [])
    (self.manager, self.factory, isImplied, isRight) = (manager, factory, false, true)
  }

  /// What a built-in role may do from the start.
  package func level(of role: Role) -> Level {
    switch role {
    case .owner, .admin: .full
    case .manager: manager
    case .factory: factory
    case .member: .none
    }
  }

  package static func == (a: Resource, b: Resource) -> Bool { a.name == b.name }
}

extension Resource {
  /// All that roles can be given rights on: the types of records, in their order, then what is beside them.
  package static func all(of types: [RecordType]) -> [Resource] {
    let beside: [Resource] = [.files, .activity, .exports, .imports, .users, .roles, .settings]
    return types.map(\.resource).reduce(into: []) { if !beside.contains($1), !$0.contains($1) { $0.append($1) } } + beside
  }

  /// Lists and the log as files.
  package static let exports = Resource(right: "export", "Export lists", manager: .full, factory: .full)
  /// Records from files, and taking that back.
  static let imports = Resource(right: "import", "Import files", manager: .full)
}
