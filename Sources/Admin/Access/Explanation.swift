/// Why somebody may do something, or may not: the same rules that requests go through, one after the other, in words.
package struct Explanation: Sendable {
  package struct Step: Sendable {
    /// Whether it speaks for it.
    package let isFor: Bool
    package let text: Message
  }

  package private(set) var isAllowed = false
  package private(set) var steps: [Step] = []

  /// Somebody's account as far as it matters.
  package struct Account: Sendable {
    let name: String
    let isActive: Bool
    let roles: [(role: RoleGrants, isActive: Bool)]

    package init(name: String, isActive: Bool, roles: [(role: RoleGrants, isActive: Bool)]) {
      (self.name, self.isActive, self.roles) = (name, isActive, roles)
    }
  }

  /// The record that it is done to.
  package struct Subject: Sendable {
    let name: String
    let isOwned: Bool
    let isCreated: Bool
    /// What makes it theirs to read through another record that is their own.
    let link: OwningLink?
    let isTrashed: Bool

    package init(name: String, isOwned: Bool, isCreated: Bool, link: OwningLink?, isTrashed: Bool) {
      (self.name, self.isOwned, self.isCreated, self.link, self.isTrashed) = (name, isOwned, isCreated, link, isTrashed)
    }
  }

  /// Whether this account has this level on a resource; of one of its records, if one is named.
  package init(_ account: Account, _ level: Level, on resource: Resource, of subject: Subject? = nil, isCRMOn: Bool = true) {
    isAllowed = decide(account, level, resource, subject)
    if resource.isOfCRM, !isCRMOn { isAllowed = note(false, Message("The CRM is switched off, so nobody can open this.")) }
  }

  private mutating func decide(_ account: Account, _ level: Level, _ resource: Resource, _ subject: Subject?) -> Bool {
    let name = ["name": account.name]
    guard account.isActive else { return note(false, Message("{name}’s account is not active, so nobody can sign in with it.", name)) }
    var best = Level.none
    for (role, isActive) in account.roles {
      let given = isActive ? role.level(on: resource) : .none
      best = max(best, given)
      note(given >= level, Self.text(role, isActive: isActive, given, resource))
    }
    guard best >= level else { return note(false, Message("{name} has no role that allows this.", name)) }
    if let subject {
      let names = ["name": account.name, "record": subject.name]
      if best == .readOwn {
        if subject.isOwned {
          note(true, Message("{name} owns {record}.", names))
        } else if subject.isCreated {
          note(true, Message("{name} created {record}.", names))
        } else if let link = subject.link {
          note(true, Message(link.reason, names))
        } else {
          return note(false, Message("{record} belongs to somebody else: {name} neither owns it nor created it.", names))
        }
      }
      if subject.isTrashed, level == .write {
        return note(false, Message("{record} is in the trash. It has to be restored before it can be changed.", names))
      }
    }
    return true
  }

  /// What one role comes to.
  private static func text(_ role: RoleGrants, isActive: Bool, _ given: Level, _ resource: Resource) -> Message {
    let name = ["role": role.name]
    if !isActive { return Message("The role {role} is inactive, so it gives no rights.", name) }
    if role.builtIn?.isUnlimited == true { return Message("The role {role} may do everything.", name) }
    if resource.isOfCRM, !role.usesCRM { return Message("The role {role} doesn’t have CRM access.", name) }
    if given == .none { return Message("The role {role} gives no access to {part}.", name, labels: ["part": [resource.label]]) }
    return Message(
      "The role {role} gives “{level}” on {part}.", name, labels: ["level": [given.label(on: resource)], "part": [resource.label]])
  }

  @discardableResult
  private mutating func note(_ isFor: Bool, _ text: Message) -> Bool {
    steps.append(Step(isFor: isFor, text: text))
    return isFor
  }
}
