package import Base
import Crypto
package import Store
import Templating
import Web

/// The first run: a one-time link, printed where the server was started, makes the owner.
package enum Setup {
  static let shape = Shape(
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
  private static func isOpen(_ visit: Visit, _ key: String) throws -> Bool {
    try visit.store.read { db in
      try db.value("SELECT EXISTS (SELECT 1 FROM setup_links WHERE token_hash = \(Digest.hash(key)))") == 1 && !UserStore.hasAny(in: db)
    }
  }

  @Sendable static func show(_ visit: Visit) throws -> Response {
    let key = visit.query["key"] ?? ""
    guard try isOpen(visit, key) else { return try closed(visit) }
    return try page(visit, key: key, UserDraft(email: "", name: "", roles: [.owner]), problems: [:], demo: true)
  }

  /// Somebody comes with an old link: once there is an owner, to the door; before, with a word on where the right one is.
  private static func closed(_ visit: Visit) throws -> Response {
    if try visit.store.read({ db in try UserStore.hasAny(in: db) }) { return visit.redirect(to: "/sign-in") }
    throw Problem.badRequest(
      Message("This set-up link is not the current one. The program prints the link when it starts; open that one."))
  }

  @Sendable static func create(_ visit: Visit) throws -> Response {
    let form = try visit.form()
    let key = form["key"] ?? ""
    guard try isOpen(visit, key) else { return try closed(visit) }
    let password = form["password"] ?? ""
    let wantsDemo = form["demo"] != nil
    let zone = form["time_zone"] ?? ""
    let draft = UserDraft(
      email: form["email"] ?? "", name: form["name"] ?? "", roles: [.owner], timeZone: ZoneClock.exists(zone) ? zone : "UTC")
    var problems = draft.problems
    problems["password"] = PasswordRules.problem(with: password, email: draft.email, name: draft.name)
    guard problems.isEmpty else { return try page(visit, key: key, draft, problems: problems, demo: wantsDemo, status: 422) }
    let hash = try visit.application.passwords.hash(password)
    let user: RecordID? = try visit.store.write { db in
      // The key is spent in the same transaction, so that two who hold it make one owner.
      guard try !UserStore.hasAny(in: db), try db.run("DELETE FROM setup_links WHERE token_hash = \(Digest.hash(key))") == 1 else {
        return nil
      }
      return try UserStore.create(draft, passwordHash: hash, from: visit.place, now: visit.now, in: db)
    }
    guard let user else { return try closed(visit) }
    var welcome = Flash(Message("Welcome to Roost, {name}.", ["name": draft.name]))
    if wantsDemo {
      do {
        try DemoOffice(contacts: 200, seed: 42).load(
          into: visit.application.store, media: visit.application.media, by: user, named: draft.name, now: visit.now)
      } catch {
        // The account is there already, and the link is spent.
        visit.application.log("error", ["id": visit.request.id, "reason": "demo: \(error)"])
        welcome = Flash(
          Message("Your account is ready, but the demo data could not be loaded. Run roost demo to try again."), kind: .problem)
      }
    }
    _ = try SignIn.start(user: user, email: draft.email, passwordHash: hash, visit)
    return visit.redirect(to: "/", welcome)
  }

  private static func page(
    _ visit: Visit, key: String, _ draft: UserDraft, problems: [String: Message], demo: Bool, status: Int = 200
  ) throws -> Response {
    func problem(_ field: String) -> Value { problems[field].map { .text(visit.text($0)) } ?? .null }
    return try visit.page(
      "users/setup",
      Record(
        shape,
        [
          .text(key), .text(draft.name), .text(draft.email), problem("name"), problem("email"), problem("password"), .text(draft.timeZone),
          .bool(demo),
        ]), status: status)
  }
}
