import Base
import Store
import Templating
import Web

/// What a request has to get past before a handler sees it, besides its rights.
extension Pipeline {
  /// Large bodies are taken in from somebody who is signed in and could do something with a file. Nobody else fills the disk: neither who never signed
  /// in nor who has a token of a session that is over, whichever way it ended.
  func uploadPlan(_ request: Request, _ route: Route, atMost limit: Int) -> Plan {
    let isSecure = services.proxies.isSecure(peer: request.peer, headers: request.headers)
    let found = SessionCookie.find(in: Cookies(request.headers), isSecure: isSecure)
    // A form may be kept, which writes.
    let small = Plan.runOnWorker(bodyLimit: BodyLimit.form, lane: .write)
    var former: SessionStore.FormerUser?
    if case .token(let token) = found {
      let now = request.received
      let session = try? services.store.read { db in
        try SessionStore.find(token: token, settings: services.settings.current(in: db), now: now, in: db)
      }
      if let session {
        return route.access.admits(session.user.grants) ? .runWithFile(bodyLimit: limit) : small
      }
      former = try? services.store.read { db in try SessionStore.formerUser(token: token, in: db) }
    }
    if let length = request.headers["Content-Length"].flatMap({ Int($0) }), length > BodyLimit.form { return .answer(refuseFiles(request)) }
    // A form of a session that expired by itself is kept with its small files.
    let isKept = route.keepsForms && former.map { $0.endedAt == nil && route.access.admits($0.grants) } ?? false
    return isKept ? .runWithFile(bodyLimit: BodyLimit.form) : small
  }

  /// Without reading the body: a person's browser keeps what they typed, a script's page what it has.
  private func refuseFiles(_ request: Request) -> Response {
    let context = context(request)
    let isPage = request.headers["Accept"]?.contains("text/html") == true
    var response = isPage ? ErrorPages.response(to: HTTPError.signedOutWithFiles, for: context) : signInFirst(context)
    finish(&response, context)
    services.log("request", AccessLog.fields(context.request, response, milliseconds: 0, user: nil))
    return response
  }

  /// The browser's secret. With two of them nobody can tell which is its own: it is to let go of both.
  func sessionToken(_ context: RequestContext, _ cookies: Cookies) throws -> String? {
    switch SessionCookie.find(in: cookies, isSecure: context.isSecure) {
    case .several:
      context.cookies += SessionCookie.takingBackAll(path: context.request.path, host: context.host)
      throw HTTPError.twoSessions
    case .token(let token):
      return token
    case .none:
      SessionCookie.takingBackTheOther(cookies, isSecure: context.isSecure).map { context.cookies.append($0) }
      return nil
    }
  }

  /// A post that its browser says comes from another site.
  func refuseOtherSites(_ context: RequestContext) throws {
    let headers = context.request.headers
    guard !RequestOrigin.isOurs(headers, host: context.host, isSecure: context.isSecure) else { return }
    services.log(
      "other-site",
      [
        "id": context.request.id, "origin": headers["Origin"] ?? "-", "fetch-site": headers["Sec-Fetch-Site"] ?? "-",
        "host": context.host ?? "-",
        "peer": context.request.peer,
      ])
    throw HTTPError.otherSite
  }

  /// Somebody whose role requires two-step verification sets it up before anything else. What they have just typed is kept.
  func demandTotp(_ context: RequestContext, _ route: Route) throws -> Response? {
    guard let user = context.session?.user, context.session?.view == nil, !user.hasTotp, route.access != .anyone, !route.isBeforeTotp,
      Totp.isRequired(of: user, context.settings)
    else { return nil }
    let isPage = context.request.headers["Accept"]?.contains("text/html") != false
    guard isPage else {
      return .failure(context.text(Message("Your role requires two-step verification. Set it up to continue.")), status: 403)
    }
    if context.request.method == .post, route.keepsForms { _ = try DraftRecovery.keep(context, form: context.form(), route.access) }
    return .redirect(TotpPages.path)
  }

  /// While the CRM is switched off, those who can switch it on are told so in place of its pages. For others there are none.
  func offerCRM(_ context: RequestContext) throws -> Response? {
    guard !context.settings.isCRMOn, context.session != nil, context.request.path.starts(with: ["admin", "crm"]) else { return nil }
    guard context.may(.full, on: .settings), context.request.method == .get, context.wantsPage else { throw HTTPError.notFound }
    return try context.page("settings/crm-off", ViewData(CRMSwitch.schema, [.text(CRMSwitch.path)]), status: 503)
  }

  /// A form whose token isn't of the browser's present secret. If it was made for an earlier session of the same person, nothing of it is lost.
  func takeOlderForm(_ context: RequestContext, _ form: FormFields, _ route: Route) throws -> Response {
    guard route.keepsForms, route.access != .anyone else { throw HTTPError.forgedToken }
    if context.session != nil {
      guard let page = try DraftRecovery.redraw(context, form: form) else { throw HTTPError.forgedToken }
      return page
    }
    guard try services.store.read({ db in try SessionStore.formerUser(formToken: form["csrf_token"], in: db) }) != nil else {
      throw HTTPError.forgedToken
    }
    return try keepForm(context, form, route.access)
  }
}
