import Base
import Store

/// In whose name something is done, and by what way it came.
package struct Principal: Sendable {
  let actor: Actor
  let grants: Grants
  /// Nobody's roles, all rights: what the program does by itself.
  private let isProgram: Bool

  package init(_ user: User) {
    actor = Actor(id: user.id.text, name: user.name)
    grants = user.grants
    isProgram = false
  }

  private init(program actor: Actor) {
    self.actor = actor
    grants = .nothing
    isProgram = true
  }

  /// The program itself, or what it does in somebody's name: demo data, an import at the command line.
  package static func program(_ actor: Actor = .program) -> Principal { Principal(program: actor) }

  func level(on resource: Resource) -> Level { isProgram ? .full : grants.level(on: resource) }

  /// Whether owners are theirs to make and unmake.
  package var isOwner: Bool { isProgram || grants.isOwner }

  /// Whether they may decide on somebody who has these rights.
  package func covers(_ other: Grants, over resources: [Resource]) -> Bool { isProgram || grants.covers(other, over: resources) }

  /// Which records it may see.
  package func scope(of resource: Resource) -> Scope { Scope(level(on: resource), on: resource, user: actor.id ?? "") }

  package func reach(over types: RecordTypes) -> RecordReach { RecordReach(types, types.all.map { scope(of: $0.resource) }) }

  package func may(_ level: Level, on resource: Resource) -> Bool { self.level(on: resource) >= level }
}
