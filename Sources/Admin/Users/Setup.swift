package import Base
import Crypto
package import Store
import Templating
import Web

/// The first run: a one-time link, printed where the server was started, makes the owner.
package enum Setup {
  static let shape = ViewSchema(
    "setup",
    [
      ("key", .text), ("name", .text), ("email", .text), ("nameProblem", .optional(.text)), ("emailProblem", .optional(.text)),
      ("passwordProblem", .optional(.text)), ("timeZone", .text), ("demo", .bool),
    ])

  static let routes: [Route] = [
    .get("/setup", .anyone, show),
    .post("/setup", .anyone, effort: .slow, create),
  ]

  /// Makes the link's key when there is nobody yet; an earlier link stops working.
  package static func issueKey(in store: Store, now: Timestamp) throws -> String? {
    // Every start asks, also on a full disk.
    guard try store.read({ db in try !UserStore.hasAny(in: db) }) else { return nil }
    return try store.write { db in
      guard try !UserStore.hasAny(in: db) else { return nil }
      let key = SecureRandom.token()
      try db.run("DELETE FROM setup_links")
      try db.run("INSERT INTO setup_links (token_hash, created_at) VALUES (\(Digest.hash(key)), \(now))")
      return key
    }
  }

  /// Whether there is nobody yet, and this is the link's key.
  private static func isOpen(_ context: RequestContext, _ key: String) throws -> Bool {
    try context.store.read { db in
      try db.value("SELECT EXISTS (SELECT 1 FROM setup_links WHERE token_hash = \(Digest.hash(key)))") == 1 && !UserStore.hasAny(in: db)
    }
  }

  @Sendable static func show(_ context: RequestContext) throws -> Response {
    let key = context.query["key"] ?? ""
    guard try isOpen(context, key) else { return try closed(context) }
    return try page(context, key: key, UserDraft(email: "", name: "", roles: [.owner]), problems: [:], demo: true)
  }

  /// Somebody comes with an old link: once there is an owner, to the door; before, with a word on where the right one is.
  private static func closed(_ context: RequestContext) throws -> Response {
    if try context.store.read({ db in try UserStore.hasAny(in: db) }) { return context.redirect(to: "/sign-in") }
    throw HTTPError.badRequest(
      Message("This set-up link is no longer valid. Open the one printed when the server last started."))
  }

  @Sendable static func create(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let key = form["key"] ?? ""
    guard try isOpen(context, key) else { return try closed(context) }
    let password = form["password"] ?? ""
    let wantsDemo = form["demo"] != nil
    let draft = UserDraft(
      email: form["email"] ?? "", name: form["name"] ?? "", roles: [.owner], timeZone: SignIn.timeZone(of: form))
    var problems = draft.problems
    problems["password"] = PasswordRules.problem(with: password, email: draft.email, name: draft.name)
    guard problems.isEmpty else { return try page(context, key: key, draft, problems: problems, demo: wantsDemo, status: 422) }
    let hash = try context.services.passwords.hash(password)
    let user: RecordID? = try context.store.write { db in
      // The key is spent in the same transaction, so that two who hold it make one owner.
      guard try !UserStore.hasAny(in: db), try db.run("DELETE FROM setup_links WHERE token_hash = \(Digest.hash(key))") == 1 else {
        return nil
      }
      return try UserStore.create(draft, passwordHash: hash, from: context.place, now: context.now, in: db)
    }
    guard let user else { return try closed(context) }
    var welcome = Flash(Message("Welcome to Roost, {name}.", ["name": draft.name]))
    if wantsDemo {
      do {
        try context.composition.demo?(context.services, user, draft.name, context.now)
      } catch {
        // The account is there already, and the link is spent.
        context.services.log("error", ["id": context.request.id, "reason": "demo: \(error)"])
        welcome = Flash(
          Message("Your account is ready, but the demo data could not be loaded. Run roost demo to try again."), kind: .problem)
      }
    }
    _ = try SignIn.start(user: user, email: draft.email, passwordHash: hash, context)
    return context.redirect(to: "/", welcome)
  }

  private static func page(
    _ context: RequestContext, key: String, _ draft: UserDraft, problems: [String: Message], demo: Bool, status: Int = 200
  ) throws -> Response {
    func problem(_ field: String) -> Value { problems[field].map { .text(context.text($0)) } ?? .null }
    return try context.page(
      "users/setup",
      ViewData(
        shape,
        [
          .text(key), .text(draft.name), .text(draft.email), problem("name"), problem("email"), problem("password"),
          .text(draft.timeZone ?? ""),
          .bool(demo),
        ]), status: status)
  }
}
