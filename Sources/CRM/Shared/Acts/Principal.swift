import Base
import Store

/// In whose name something is done, and by what way it came.
struct Principal: Sendable {
  let actor: Actor
  let roles: [Role]
  /// Nobody's roles, all rights: what the program does by itself.
  private let isProgram: Bool

  init(_ user: User) {
    actor = Actor(id: user.id.text, name: user.name)
    roles = user.roles
    isProgram = false
  }

  private init(program actor: Actor) {
    self.actor = actor
    roles = []
    isProgram = true
  }

  /// The program itself, or what it does in somebody's name: demo data, an import at the command line.
  static func program(_ actor: Actor = .program) -> Principal { Principal(program: actor) }

  func level(on resource: Resource) -> Level { isProgram ? .full : resource.level(of: roles) }

  /// Which records it may see.
  func scope(of resource: Resource) -> Scope { Scope(level(on: resource), user: actor.id ?? "") }

  func may(_ level: Level, on resource: Resource) -> Bool { self.level(on: resource) >= level }
}

/// The transaction that an act writes in, by whom and when.
struct ActContext {
  let db: Database
  let principal: Principal
  let now: Timestamp
  /// All types of records, for references to records of any.
  var types: [RecordType] = []
  /// The record that is changed; `nil` while it is made.
  var record: RecordID?
  /// The import, or the undoing of one, that this is part of.
  var batch: Int?

  var actor: Actor { principal.actor }
}

/// What an act came to.
enum Outcome: Sendable {
  /// With the number of the activity entry, if anything changed.
  case done(RecordID, entry: Int?)
  /// Something is wrong: nothing was written.
  case invalid(ValidationErrors)
  /// Somebody else changed the same fields first: nothing was written.
  case conflict
}
