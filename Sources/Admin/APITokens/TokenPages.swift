import Base
import Store
import Templating
import Web

/// API tokens: a user's own, and everybody's for those who may change settings.
struct TokenPages: Sendable {
  /// Whether it is about everybody's.
  let isAll: Bool

  static let own = TokenPages(isAll: false)
  static let all = TokenPages(isAll: true)

  private var path: String { isAll ? "/admin/settings/crm/tokens" : "/account/tokens" }
  private var access: Access { isAll ? .full(.settings) : .signedIn }

  var routes: [Route] {
    [
      .get(path, access, effort: .read) { try page($0) },
      .post(path + "/{id}/revoke", access, keepsForms: false) { try revoke($0) },
    ] + (isAll ? [] : [.post(path, access, effort: .slow, keepsForms: false) { try create($0) }])
  }

  private static let tokenSchema = ViewSchema(
    "token",
    [
      ("name", .text), ("user", .text), ("hint", .text), ("scopes", .text), ("createdAt", .text), ("created", .text), ("expires", .text),
      ("usedAt", .text), ("used", .text), ("address", .text), ("state", .text), ("action", .text),
    ])
  private static let scopeSchema = ViewSchema("scope", [("name", .text), ("label", .text), ("options", .html)])
  private static let schema = ViewSchema(
    "tokens",
    [
      ("isAll", .bool), ("path", .text), ("tokens", .list(.record(tokenSchema))), ("fresh", .optional(.text)), ("name", .text),
      ("problem", .optional(.text)), ("passwordProblem", .optional(.text)), ("scopeProblem", .optional(.text)),
      ("scopes", .list(.record(scopeSchema))), ("lives", .html),
    ])
  static let pages = ["api/tokens": schema]

  /// How long a token lives, in days; 0 is until it is revoked.
  private static let lives = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("0", "No expiry date")]
  private static let usualLife = "90"
  /// Of one user, that are live.
  private static let most = 50

  /// What was typed into the form.
  private struct Draft {
    var name = ""
    var scopes: [String: Level] = [:]
    var life = usualLife
    var problem: Message?
    var passwordProblem: Message?
    var scopeProblem: Message?
  }

  private func create(_ context: RequestContext) throws -> Response {
    let resources = context.tokenResources
    var reader = FormReader(try context.form(), single: Set(["name", "life", "password"] + resources.map { "scope_" + $0.resource.name }))
    var draft = Draft(name: reader.line("name", atMost: 100), life: reader.choice("life", of: Self.lives.map(\.0)))
    for (resource, _) in resources {
      draft.scopes[resource.name] = Level(name: reader.choice("scope_" + resource.name, of: context.offered(resource).map(\.name)))
    }
    if draft.name.isEmpty { reader.problem("name", Message("Enter a name.")) }
    draft.problem = reader.problems["name"] ?? reader.problems[""]
    let others = reader.problems.order.filter { $0 != "name" && !$0.isEmpty }
    if let other = others.first { draft.scopeProblem = reader.problems[other] }
    if draft.scopes.values.allSatisfy({ $0 == .none }), others.isEmpty { draft.scopeProblem = Message("Choose what the token may do.") }
    guard draft.problem == nil, draft.scopeProblem == nil else { return try page(context, draft, status: 422) }
    guard try context.confirmedPassword(try context.form()["password"] ?? "") != nil else {
      draft.passwordProblem = .notYourPassword
      return try page(context, draft, status: 422)
    }
    let (user, token, now) = (try context.user, APIToken.make(), context.now)
    let days = Int(draft.life) ?? 0
    let created = SecurityEvent(.tokenCreated, account: user.email, user: user.id, from: context.place, detail: draft.name)
    let outcome = try context.write(noting: { $0 == .created ? [created] : [] }) { db -> Creation in
      guard try TokenStore.countLive(of: user.id, now: now, in: db) < Self.most else { return .tooMany }
      let until = days > 0 ? now.adding(seconds: days * 86_400) : nil
      let isRepeated = try context.once(in: db) {
        .done(try TokenStore.create(token, name: draft.name, draft.scopes, until: until, of: user.id, now: now, in: db))
      }.isRepeated
      return isRepeated ? .repeated : .created
    }
    switch outcome {
    case .created: return try page(context, fresh: token)
    case .repeated:
      return context.redirect(
        to: path, Flash(Message("This form was submitted twice. The token was shown the first time only."), kind: .problem))
    case .tooMany:
      draft.problem = Message("At most {n} tokens. Revoke one first.", ["n": String(Self.most)])
      return try page(context, draft, status: 422)
    }
  }

  private enum Creation {
    case created, repeated, tooMany
  }

  private func revoke(_ context: RequestContext) throws -> Response {
    let (user, id, now) = (try context.user, try context.id(), context.now)
    let revoked = try context.write(noting: { found in
      found.map { [SecurityEvent(.tokenRevoked, account: $0.email, user: $0.user, from: context.place, detail: $0.name)] } ?? []
    }) { db in
      try TokenStore.revoke(id, of: isAll ? nil : user.id, now: now, in: db)
    }
    guard let revoked else { throw HTTPError.notFound }
    return context.redirect(to: path, Flash(Message("“{name}” was revoked.", ["name": revoked.name])))
  }

  private func page(_ context: RequestContext, _ draft: Draft = Draft(), fresh: String? = nil, status: Int = 200) throws -> Response {
    let user = try context.user
    let tokens = try context.store.read { db in try TokenStore.list(of: isAll ? nil : user.id, in: db) }
    let resources = context.tokenResources
    func text(_ message: Message?) -> Value { message.map { .text(context.text($0)) } ?? .null }
    let scopes =
      isAll
      ? []
      : resources.map { resource, label -> Value in
        let options = context.choices(context.offered(resource).map { ($0.name, $0.label(on: resource)) })
          .options(selected: (draft.scopes[resource.name] ?? .none).name)
        return .record(ViewData(Self.scopeSchema, [.text("scope_" + resource.name), .text(label), options]))
      }
    return try context.page(
      "api/tokens",
      ViewData(
        Self.schema,
        [
          .bool(isAll), .text(path), .list(tokens.map { view($0, resources, context) }), fresh.map { .text($0) } ?? .null,
          .text(draft.name), text(draft.problem), text(draft.passwordProblem), text(draft.scopeProblem), .list(scopes),
          context.choices(Self.lives).options(selected: draft.life),
        ]), status: status)
  }

  private func view(_ token: APIToken, _ resources: [(resource: Resource, label: String)], _ context: RequestContext) -> Value {
    let formats = context.formats
    let scopes = resources.compactMap { resource, label in
      token.scopes[resource.name].map { "\(label): \(context.language.text($0.label(on: resource)))" }
    }
    let isExpired = token.expiresAt.map { $0 <= context.now.text } ?? false
    return .record(
      ViewData(
        Self.tokenSchema,
        [
          .text(token.name), .text(isAll ? token.userName : ""), .text(token.hint), .text(scopes.joined(separator: " · ")),
          .text(token.createdAt), .text(formats.minute(token.createdAt)), .text(token.expiresAt.map(formats.day) ?? ""),
          .text(token.lastUsedAt ?? ""), .text(token.lastUsedAt.map(formats.minute) ?? ""), .text(token.lastAddress),
          .text(token.revokedAt != nil ? "revoked" : isExpired ? "expired" : "live"), .text("\(path)/\(token.id.text)/revoke"),
        ]))
  }
}

extension RequestContext {
  /// Never more than the maker of a token may do.
  fileprivate func offered(_ resource: Resource) -> [Level] { resource.levels.filter { $0 <= level(on: resource) } }

  /// What a token may be made for: the resources of records, with their names in the visitor's language.
  var tokenResources: [(resource: Resource, label: String)] {
    var found: [Resource] = []
    for type in composition.records.all where may(.readOwn, on: type.resource) && !found.contains(type.resource) {
      found.append(type.resource)
    }
    return found.map { ($0, language.text($0.label)) }
  }
}
