package import Base
import Store
package import Web

/// Looking at the product as somebody else sees it, to check what they may do. Nothing can be changed in the meantime, every page says so, and the security log
/// has its beginning and its end.
package enum ViewAs {
  /// As whom a session looks at pages.
  package enum Target: Sendable, Equatable {
    case user(RecordID)
    case role(String)
  }

  /// What a session shows while it is somebody else's view.
  package struct View: Sendable {
    /// The name of the user or the role.
    package let name: String
    /// Who is looking.
    let viewer: User
  }

  static let path = "/view-as/stop"

  static let routes: [Route] = [.post(path, .signedIn, keepsForms: false, stop)]

  /// Begins to look at pages as a user or a role, for owners and admins.
  package static func start(_ target: Target, named name: String, grants: Grants, _ context: RequestContext) throws -> Response {
    guard context.grants.isUnlimited else { throw HTTPError.forbidden(.notOfYourRole) }
    guard context.grants.covers(grants, over: context.composition.resources) else {
      throw HTTPError.forbidden(Message("{name} has more rights than you. Ask an owner or admin.", ["name": name]))
    }
    let (user, session) = (try context.user, try context.currentSession)
    let event = SecurityEvent(.viewingAs, account: user.email, user: user.id, from: context.place, detail: name)
    let (asUser, asRole): (String?, String?) =
      switch target {
      case .user(let id): (id.text, nil)
      case .role(let id): (nil, id)
      }
    _ = try context.write(noting: { _ in [event] }) { db in
      try db.run("UPDATE sessions SET view_user = \(asUser), view_role = \(asRole) WHERE id = \(session.id)")
    }
    context.services.live.sessionsChanged()
    return .redirect("/")
  }

  @Sendable private static func stop(_ context: RequestContext) throws -> Response {
    let session = try context.currentSession
    guard let view = session.view else { return context.redirect(to: "/") }
    let event = SecurityEvent(
      .viewingAsEnded, account: view.viewer.email, user: view.viewer.id, from: context.place, detail: view.name)
    _ = try context.write(noting: { _ in [event] }) { db in
      try db.run("UPDATE sessions SET view_user = NULL, view_role = NULL WHERE id = \(session.id)")
    }
    context.services.live.sessionsChanged()
    return context.redirect(to: "/")
  }

  /// What a request may do in somebody else's view: look at what rights are asked for. Their account and their inbox are theirs.
  static func refuse(_ context: RequestContext, _ route: Route) throws {
    guard let view = context.session?.view, context.path != path, context.path != "/sign-out" else { return }
    let isHarmless =
      route.method == .get && (route.access != .signedIn || ["/", "/admin"].contains(context.path)) && route.effort != .write
    guard isHarmless || route.access == .anyone else {
      throw HTTPError.forbidden(
        Message("You’re viewing Roost as {name}, so nothing can be changed. Stop viewing first.", ["name": view.name]))
    }
  }

  /// The session as it is in its view; as it is without, if the viewer's rights don't cover the target's any more or the target is gone.
  static func apply(_ session: Session, user: String?, role: String?, in db: Database) throws -> Session {
    guard let (name, held, id) = try target(user, role, viewer: session.user, in: db),
      session.user.grants.isOwner || session.user.grants.isUnlimited && !held.grants.isOwner
    else { return session }
    var session = session
    session.view = View(name: name, viewer: session.user)
    session.user.id = id
    (session.user.roles, session.user.grants) = (held.roles, held.grants)
    return session
  }

  private static func target(_ user: String?, _ role: String?, viewer: User, in db: Database) throws -> (String, HeldRoles, RecordID)? {
    if let id = user.flatMap({ RecordID($0) }) {
      guard let name = try db.text("SELECT name FROM users WHERE id = \(id) AND status = 'active'") else { return nil }
      return (name, try HeldRoles.find(user: id.text, in: db), id)
    }
    guard let role, let grants = try RoleGrants.find("id = \(role) AND status = 'active'", in: db).first else { return nil }
    return (grants.name, HeldRoles([grants]), viewer.id)
  }
}

extension RequestContext {
  /// The session. Routes that need one are not reached without.
  var currentSession: Session {
    get throws {
      guard let session else { throw HTTPError.notFound }
      return session
    }
  }
}
