@testable import Admin
@testable import CRM
import Testing

/// What roles give together, and who may decide on whom.
@Suite struct GrantsTests {
  private let all = crm.resources

  private func custom(_ levels: [String: Level], usesCRM: Bool = true) -> RoleGrants {
    RoleGrants(id: "019aa3a1-7c1e-7f3a-8b0e-5d1c2f9e4a77", name: "Custom", usesCRM: usesCRM, levels: levels)
  }

  private func grants(_ roles: RoleGrants...) -> Grants { Grants(roles: roles) }

  @Test func `the best of several roles counts`() {
    let both = grants(RoleGrants(.factory), custom(["contacts": .full, "tasks": .none]))
    #expect(both.level(on: .contacts) == .full)
    #expect(both.level(on: .companies) == .readOwn)
    #expect(both.level(on: .tasks) == .readOwn, "a role takes nothing away that another gives")
    #expect(Grants.nothing.level(on: .contacts) == .none)
  }

  @Test func `a role that wasn't chosen gives nothing in the CRM, and what is beside it`() {
    let role = custom(["contacts": .full, "files": .full, "users": .read], usesCRM: false)
    for resource in all where resource.isOfCRM { #expect(role.level(on: resource) == .none, "\(resource.name)") }
    #expect(role.level(on: .users) == .read)
    #expect(grants(role).level(on: .search) == .none)
    #expect(grants(role, RoleGrants(.factory)).level(on: .contacts) == .readOwn, "another role's choice isn't this one's")
  }

  @Test func `owners and admins may do everything, whatever is stored`() {
    for role in [Role.owner, .admin] {
      let role = RoleGrants(id: role.id, name: "x", usesCRM: false, levels: ["contacts": .none])
      for resource in all + [.search, .live] { #expect(role.level(on: resource) == .full, "\(resource.name)") }
    }
  }

  @Test func `what nobody has decided on is as from the start, for built-in roles`() {
    let manager = RoleGrants(id: Role.manager.id, name: "Boss", usesCRM: true, levels: ["contacts": .read])
    #expect(manager.level(on: .contacts) == .read)
    #expect(manager.level(on: .companies) == .write)
    #expect(custom([:]).level(on: .companies) == .none)
  }

  @Test func `limits only take away`() {
    let manager = grants(RoleGrants(.manager))
    let limited = manager.limited(to: ["contacts": .full, "companies": .read])
    #expect(limited.level(on: .contacts) == .write)
    #expect(limited.level(on: .companies) == .read)
    #expect(limited.level(on: .tasks) == .none)
    #expect(limited.limited(to: ["contacts": .readOwn]).level(on: .contacts) == .readOwn)
    #expect(!grants(RoleGrants(.owner)).limited(to: ["contacts": .full]).isOwner)
  }

  @Test func `nobody decides on those who may do more`() {
    let (owner, admin, manager) = (grants(RoleGrants(.owner)), grants(RoleGrants(.admin)), grants(RoleGrants(.manager)))
    #expect(owner.covers(owner, over: all) && owner.covers(admin, over: all) && admin.covers(manager, over: all))
    #expect(!admin.covers(owner, over: all), "owners answer to owners")
    #expect(!manager.covers(admin, over: all))
    #expect(!grants(custom(["users": .full])).covers(manager, over: all))
    #expect(grants(custom(["users": .full])).covers(.nothing, over: all))
  }

  @Test(arguments: ["", "contacts", "contacts=", "contacts=writes", "=write", "companies=write contacts=everything", "🦆=write"])
  func `what is stored and not understood gives nothing`(text: String) {
    #expect(custom(RoleGrants.levels(text)).level(on: .contacts) == .none)
  }

  @Test func `names can hold anything`() {
    let text = [Role.manager.id, "1", "contacts=read", "a \u{1F} | , b"].joined(separator: "\u{1F}")
    let held = HeldRoles(text + "\u{1E}" + "nonsense" + "\u{1E}")
    #expect(held.roles.map(\.name) == ["a \u{1F} | , b"])
    #expect(held.grants.level(on: .contacts) == .read)
  }
}
