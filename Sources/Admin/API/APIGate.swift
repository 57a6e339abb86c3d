import Base
import Store
import Templating
import Web

/// The way of a request to the API: whose token is it → how often → route → may they → handler. Cookies count for nothing here, and none is set.
extension Pipeline {
  static func isAPI(_ request: Request) -> Bool { request.path.first == "api" }

  func answerAPI(_ context: RequestContext, _ match: Router<Route>.Match) throws -> Response {
    var standing: RateLimit.Standing?
    var response: Response
    do {
      standing = try admit(context)
      response = try serveAPI(context, match)
    } catch let limited as RateLimited {
      standing = limited.standing
      response = APIProblem(
        .tooMany, Message("Wait {n} second and try again.", "Wait {n} seconds and try again.", count: limited.standing.seconds)
      )
      .with("Retry-After", String(limited.standing.seconds)).response(for: context)
    } catch {
      response = APIProblem(error, for: context).response(for: context)
    }
    if let standing {
      response.headers.set("RateLimit-Policy", "\"default\";q=\(services.apiRate.most);w=\(RateLimit.window)")
      response.headers.set("RateLimit", "\"default\";r=\(standing.remaining);t=\(standing.seconds)")
    }
    return response
  }

  private struct RateLimited: Error {
    let standing: RateLimit.Standing
  }

  /// Identifies the user by the token.
  private func admit(_ context: RequestContext) throws -> RateLimit.Standing {
    let now = context.now
    guard let token = Self.bearerToken(context.request.headers) else {
      throw APIProblem(.unauthorized, Message("Send an API token as “Authorization: Bearer …”."))
        .with("WWW-Authenticate", "Bearer realm=\"Roost\"")
    }
    let found = try services.store.read { db in
      context.settings = try services.settings.current(in: db)
      return APIToken.isWellFormed(token) ? try TokenStore.find(token, now: now, in: db) : nil
    }
    guard let found else {
      noteRefusal(context)
      throw APIProblem(.unauthorized, Message("This API token doesn’t exist, has expired or was revoked."))
        .with("WWW-Authenticate", "Bearer realm=\"Roost\", error=\"invalid_token\"")
    }
    var user = found.user
    if !context.settings.isCRMOn { user.grants = user.grants.withoutCRM }
    context.session = Session(id: found.id, user: user, createdAt: now, seenAt: now)
    if context.request.headers["Accept-Language"] == nil, !found.user.language.isEmpty {
      context.language = services.languages.language(found.user.language)
    }
    let standing = services.apiRate.take(found.id.text)
    guard standing.isAllowed else { throw RateLimited(standing: standing) }
    if found.lastUsedAt.map({ now.milliseconds - $0.milliseconds > Int64(TokenStore.usedEvery) * 1000 }) ?? true {
      let address = context.request.peer
      services.store.writeSoon("token " + found.id.text) { db in
        try TokenStore.touch(found.id, now: now, address: address, in: db)
      }
    }
    return standing
  }

  private static func bearerToken(_ headers: Headers) -> String? {
    let sent = headers.all("Authorization")
    guard sent.count == 1, sent[0].utf8.count <= 200, sent[0].lowercased().hasPrefix("bearer ") else { return nil }
    return TextNormalizing.clean(String(sent[0].dropFirst(7)))
  }

  /// Once in a while for each address: tokens tried at random don't fill the log.
  private func noteRefusal(_ context: RequestContext) {
    let key = "held-up:api " + ClientAddress.network(of: context.request.peer)
    guard services.signInThrottle.mayTry(key) == nil else { return }
    services.signInThrottle.failed(key)
    context.note(SecurityEvent(.tokenRefused, account: "", user: nil, from: context.place))
  }

  private func serveAPI(_ context: RequestContext, _ match: Router<Route>.Match) throws -> Response {
    switch match {
    case .found(let route, let parameters):
      context.parameters = parameters
      if let user = context.session?.user, !user.hasTotp, Totp.isRequired(of: user, context.settings) {
        throw APIProblem(.forbidden, Message("Your role requires two-step verification. Set it up to continue."))
      }
      try check(context, route.access, orElse: Message("The token or its user’s roles don’t allow this."))
      return try route.handler(context)
    case .methodNotAllowed(let methods):
      throw APIProblem(.notAllowed).with("Allow", methods.map(\.rawValue).joined(separator: ", "))
    case .notFound: throw HTTPError.notFound
    }
  }
}
