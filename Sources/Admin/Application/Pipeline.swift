import Base
import Crypto
import Store
import Templating
package import Web

/// The path of a request: session, access, form token, handler, response. Read top-down.
package final class Pipeline: Responder {
  let composition: Composition
  let services: Services
  private let router: Router<Route>
  /// Where addresses have secrets in their path: the segments before them.
  private let secretPlaces: [[String]]
  /// By what browsers ask for.
  private let languagesAsked = Memo<String, Language?>(atMost: 200)

  init(_ composition: Composition, _ services: Services) throws {
    self.composition = composition
    self.services = services
    router = try Router(composition.routes.map { ($0.method, $0.pattern, $0) })
    secretPlaces = composition.routes.compactMap(\.secretPlace)
  }

  package func plan(for request: Request) -> Plan {
    guard case .found(let route, _) = router.find(request.method, request.path) else { return .run(bodyLimit: BodyLimit.form) }
    switch route.effort {
    case .quick, .read: return .run(bodyLimit: BodyLimit.form)
    case .write: return .runOnWorker(bodyLimit: BodyLimit.form, lane: .write)
    case .slow: return .runOnWorker(bodyLimit: BodyLimit.form)
    case .files: return .runOnWorker(bodyLimit: BodyLimit.form, lane: .long)
    case .upload: return uploadPlan(request, route, atMost: services.media.limits.file + BodyLimit.form)
    case .piece: return uploadPlan(request, route, atMost: Uploads.pieceLimit)
    }
  }

  package func respond(to request: Request) -> Response { respond(to: request) { try answer($0) } }

  package func refuseBusy(_ request: Request) -> Response {
    respond(to: request) { context in
      if Self.isAPI(request) { return APIProblem.busy.response(for: context) }
      try identify(context)
      throw HTTPError.busy
    }
  }

  private func respond(to request: Request, _ answer: (RequestContext) throws -> Response) -> Response {
    let started = services.clock.now()
    services.forwarding.look(at: request, services.proxies, services.log)
    let context = context(request)
    defer { context.forgetLoaded() }
    var response: Response
    do {
      response = try answer(context)
    } catch {
      response = ErrorPages.response(to: error, for: context)
    }
    finish(&response, context)
    services.log(
      "request",
      AccessLog.fields(
        context.request, response, milliseconds: Int(services.clock.now().milliseconds - started.milliseconds),
        user: (context.session?.view?.viewer ?? context.session?.user)?.id.text, path: withoutSecret(request)))
    return response
  }

  /// Whether somebody comes by a secret link, as customers do, who have no account to sign in with.
  func isBySecretLink(_ request: Request) -> Bool { withoutSecret(request) != nil }

  /// The path as logs may have it, if a part of it is secret.
  func withoutSecret(_ request: Request) -> String? {
    secretPlaces.first { request.path.count > $0.count && request.path.starts(with: $0) }.map { "/" + $0.joined(separator: "/") + "/…" }
  }

  /// The request as it came in, from whom it came in truth.
  func context(_ request: Request) -> RequestContext {
    var request = request
    let isSecure = services.proxies.isSecure(peer: request.peer, headers: request.headers)
    let host = services.proxies.host(peer: request.peer, headers: request.headers)
    request.peer = services.proxies.client(peer: request.peer, headers: request.headers)
    let context = RequestContext(pipeline: self, request: request, language: asked(request) ?? .english)
    (context.isSecure, context.host, context.since) = (isSecure, host, services.live.latest)
    return context
  }

  /// What the browser would like to read; `nil` if there is nothing like it. There are few browsers, and many requests.
  private func asked(_ request: Request) -> Language? {
    guard let header = request.headers["Accept-Language"] else { return nil }
    let languages = services.languages
    return languagesAsked.value(for: header) { Preferences(header).language(among: languages.tags).map(languages.language) }
  }

  /// Route → who is it → may they → is the form theirs → handler.
  private func answer(_ context: RequestContext) throws -> Response {
    let request = context.request
    if let asset = services.assets.response(to: request) { return asset }
    if request.path == ["healthz"] { return try health(context) }
    let match = router.find(request.method, request.path)
    if Self.isAPI(request) { return try answerAPI(context, match) }
    let route: Route
    switch match {
    case .found(let found, let parameters):
      route = found
      context.parameters = parameters
    case .methodNotAllowed(let methods):
      return ErrorPages.methodNotAllowed(methods, for: context)
    case .notFound:
      try identify(context)
      throw HTTPError.notFound
    }
    if route.effort == .read { return try services.store.read { _ in try serve(context, route) } }
    return try serve(context, route)
  }

  private func serve(_ context: RequestContext, _ route: Route) throws -> Response {
    let request = context.request
    try identify(context)
    if !request.method.isSafe {
      try refuseOtherSites(context)
      // Bytes of a file have no fields: their token comes as a header, which no form of another site can send.
      let isBytes = route.effort == .piece && MediaType(request.headers["Content-Type"] ?? "").essence == "application/octet-stream"
      let form = isBytes ? FormFields([.init("csrf_token", request.headers["X-CSRF-Token"] ?? "")]) : try context.form()
      if context.browserToken != nil || route.access == .anyone {
        guard CSRF.verify(form["csrf_token"], sessionToken: context.browserToken ?? "") else {
          return try takeOlderForm(context, form, route)
        }
      }
      if context.session == nil, route.access != .anyone {
        return route.keepsForms ? try keepForm(context, form, route.access) : signInFirst(context)
      }
    }
    if let response = try demandTotp(context, route) ?? offerCRM(context) ?? refuse(context, route.access) { return response }
    try ViewAs.refuse(context, route)
    return try answerOnce(context, route)
  }

  /// Identifies the user by the cookie.
  private func identify(_ context: RequestContext) throws {
    let cookies = context.sentCookies
    let token = try sessionToken(context, cookies)
    let now = context.now
    (context.settings, context.session) = try services.store.read { db in
      let settings = try services.settings.current(in: db)
      return (settings, try token.flatMap { try SessionStore.find(token: $0, settings: settings, now: now, in: db) })
    }
    let chosen = context.session?.user.language ?? ""
    if !chosen.isEmpty {
      context.language = services.languages.language(chosen)
    } else if asked(context.request) == nil {
      context.language = services.languages.language(context.settings[.defaultLanguage].text)
    }
    if let token {
      context.browserToken = token
      if let session = context.session {
        if now.milliseconds - session.seenAt.milliseconds > Int64(context.settings.sessionLife.seenEvery) * 1000 {
          let address = context.request.peer
          services.store.writeSoon("seen " + session.id.text) { db in try SessionStore.touch(session.id, now: now, address: address, in: db)
          }
        }
      }
      if let sealed = cookies[Flash.cookie] {
        context.flash = Flash(sealed: sealed, for: token)
        context.cookies.append(SetCookie(Flash.cookie, "", maxAge: 0, secure: context.isSecure))
      }
    } else if context.request.method != .post {
      // Every browser gets a secret before its first form, so that the form's token can be checked. A post gets none: it may come from another
      // site, which would sign somebody out by it.
      context.carry(SecureRandom.token())
    }
  }

  /// `nil` when the visitor may go on.
  private func refuse(_ context: RequestContext, _ access: Access) throws -> Response? {
    if access == .anyone { return nil }
    guard context.session != nil else {
      let here = context.request.method == .get ? context.request.target : "/"
      return .redirect(URLQuery.append(here == "/" ? [] : [("return_to", here)], to: "/sign-in"))
    }
    try check(context, access, orElse: .notOfYourRole)
    return nil
  }

  /// Whether somebody who is known has the rights.
  func check(_ context: RequestContext, _ access: Access, orElse reason: Message) throws {
    if access.isHidden(from: context.grants) { throw HTTPError.notFound }
    if !access.admits(context.grants) { throw HTTPError.forbidden(reason) }
  }

  /// A script that posts has no page to come back to, and its page keeps what it has.
  func signInFirst(_ context: RequestContext) -> Response {
    if context.request.headers["Accept"]?.contains("text/html") == true {
      return context.redirect(to: "/sign-in", Flash(Message("Sign in to continue."), kind: .problem))
    }
    return .failure(context.text(Message("Sign in to continue.")), status: 401)
  }

  /// The session ended while somebody was typing.
  func keepForm(_ context: RequestContext, _ form: FormFields, _ access: Access) throws -> Response {
    guard let refused = try DraftRecovery.keep(context, form: form, access) else {
      if context.browserToken == nil { throw HTTPError.forgedToken }
      return context.redirect(to: "/sign-in", Flash(Message("Sign in to continue."), kind: .problem))
    }
    let message =
      refused.isEmpty
      ? Message("You’ve been signed out. Your input is saved; sign in to continue.")
      : Message(
        "You’ve been signed out. Your input is saved; sign in to continue. There was no room for {names}.",
        ["names": refused.joined(separator: ", ")])
    return context.redirect(to: "/sign-in", Flash(message, kind: .problem))
  }

  /// Draws a form that was kept: its own page, filled in, or one that offers to send it again. Nothing is saved: its store can't write.
  func replay(_ context: RequestContext, path: String, form: FormFields, saying message: Message) throws -> Response {
    var request = context.request
    request.method = .post
    request.target = path
    let bare = path.split(separator: "?", maxSplits: 1).first.map(String.init) ?? path
    request.path = bare.split(separator: "/").map(String.init)
    guard case .found(let route, let parameters) = router.find(.post, request.path) else { return context.redirect(to: "/") }
    let draft = RequestContext(pipeline: self, request: request, language: context.language)
    draft.parameters = parameters
    (draft.settings, draft.session) = (context.settings, context.session)
    draft.browserToken = context.browserToken
    (draft.isSecure, draft.host) = (context.isSecure, context.host)
    draft.isDraft = true
    draft.use(form)
    draft.flash = Flash(message)
    if let refusal = try refuse(draft, route.access) { return refusal }
    return try route.draft?(draft) ?? RetryPage.response(.isDraft, for: draft)
  }

  private func health(_ context: RequestContext) throws -> Response {
    _ = try services.store.read { db in try db.value("SELECT 1") }
    return .text("ok\n")
  }

  /// What every answer gets: cookies, id, security headers, compression.
  package func finish(_ response: inout Response, _ context: RequestContext) {
    for cookie in context.cookies { response.headers.add("Set-Cookie", cookie.text) }
    response.headers.set("X-Request-Id", context.request.id)
    SecurityHeaders.apply(to: &response, isSecure: context.isSecure)
    Compression.apply(to: &response, for: context.request, keepingTagsStrong: Self.isAPI(context.request))
  }
}

/// How large bodies may be, in bytes.
enum BodyLimit {
  static let form = 1 << 20
}
