package import Base
package import Crypto
package import Store
package import Templating
package import Web

/// The product: what it is made of, and the way of a request through it. Read top-down.
package final class Application: Responder {
  /// Where things are and how this installation runs.
  package struct Options: Sendable {
    /// The folder that holds `Templates` and `Public`.
    package var resources: String
    /// Re-reads templates, translations and assets when their files change.
    package var development = false
    /// Who may say for whom it asks, and whether over TLS.
    package var proxies = ClientAddress.direct
    package var clock = Clock.system
    package var log = Log.standardError
    package var passwordCost = PasswordHasher.Cost.standard
    /// The folder of the media library.
    package var mediaFolder = "./data/media"
    package var mediaLimits = MediaLibrary.Limits()
    package var inspector: any FileInspector = DirectInspector()
    /// What the product is made of; tests add features of their own.
    var features = CRM.features

    package init(resources: String) { self.resources = resources }
  }

  package let store: Store
  package let media: MediaLibrary
  let live: LiveHub
  let templates: Templates
  let rowTemplates: RowTemplates
  let languages: Languages
  let assets: Assets
  let router: Router<Route>
  let menu: [MenuItem]
  /// The types of records, in the order of their features.
  let records: RecordTypes
  let tabs: [RecordTab]
  let recordPanels: [RecordPanel]
  let pagePanels: [PagePanel]
  let actions: ActionLabels
  let passwords: PasswordHasher
  let signInThrottle: Throttle
  let log: Log
  let clock: Clock
  let proxies: ClientAddress
  let forwarding = ForwardingWatch()

  /// The address of the icons.
  var sprite: String { assets.url("icons.svg") }

  package init(store: Store, options: Options) throws {
    let features = options.features
    try store.migrate(Self.migrations(of: features))
    self.store = store
    media = try MediaLibrary(folder: options.mediaFolder, store: store, inspector: options.inspector, limits: options.mediaLimits)
    records = RecordTypes(features.flatMap(\.records))
    live = try LiveHub(store: store, records: records, clock: options.clock)
    languages = try Languages(folder: options.resources + "/Templates/languages")
    assets = try Assets(
      folder: options.resources + "/Public", extra: Self.packagedAssets, linking: ["css/roost.css", "js/roost.js"],
      reloads: options.development,
      report: { [log = options.log] in log("assets", ["problem": $0]) })
    templates = try Self.templates(options, assets: assets)
    rowTemplates = RowTemplates(keeps: !options.development)
    let routes = Self.routes(of: features)
    router = try Router(routes.map { ($0.method, $0.pattern, $0) })
    self.routes = routes.map { ($0.method, $0.pattern, $0.access) }
    menu = features.flatMap(\.menu)
    tabs = features.flatMap(\.tabs)
    recordPanels = features.flatMap(\.recordPanels)
    pagePanels = features.flatMap(\.pagePanels)
    actions = ActionLabels(features.flatMap { $0.actions + $0.records.flatMap(\.actions) })
    passwords = PasswordHasher(cost: options.passwordCost)
    signInThrottle = Throttle(clock: options.clock, rules: SignInLimits.rules)
    log = options.log
    clock = options.clock
    proxies = options.proxies
  }

  /// All migrations in the order in which they run: by date, and those of one day in the order of `features`.
  package static var migrations: [Migration] { migrations(of: features) }

  private static func migrations(of features: [Feature]) -> [Migration] {
    features.flatMap(\.migrations).enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }.map(\.element)
  }

  /// The types of records of all features.
  static let records = RecordTypes(features.flatMap(\.records))

  /// All routes: those that features write down, and those that every type of record has.
  private static func routes(of features: [Feature]) -> [Route] {
    let records = RecordTypes(features.flatMap(\.records))
    return features.flatMap { feature in
      feature.routes + records.all.flatMap(feature.recordRoutes)
        + feature.records.flatMap { type in
          ListHandlers(list: type.list).routes + RecordPages(type: type).routes + FieldPages(type: type).routes
            + RecordActs(kind: type).routes
        }
    }
  }

  /// Template → schema of what it is given, for pages and for the parts that record types choose.
  private static func pages(of features: [Feature]) -> [String: ViewSchema] {
    var pages = ErrorPages.shapes.merging(ListRows.pages) { first, _ in first }.merging(FieldPages.pages) { first, _ in first }
      .merging(FieldTemplates.all) { first, _ in first }
    for feature in features {
      pages.merge(feature.pages) { first, _ in first }
      for panel in feature.recordPanels { pages[panel.template] = panel.schema }
      for panel in feature.pagePanels { pages[panel.template] = panel.schema }
      for type in feature.records {
        for panel in type.panels { pages[panel.template] = panel.schema }
        for field in type.fields { pages[field.kind.template.name] = field.kind.template.schema }
      }
    }
    return pages
  }

  /// Method, pattern and access of every route, for `roost routes` and the access tests.
  package let routes: [(method: Request.Method, pattern: String, access: Access)]

  /// The routes as `roost routes` lists them.
  package static var routeTable: [String] {
    routes(of: features).map { "\($0.method.rawValue)\t\($0.pattern)\t\($0.access)" }
  }

  /// The SQL of a migration for the table of a record type, or for one field of it, as `roost schema` prints it.
  package static func schema(of name: String, field: String?) throws(UnknownName) -> String {
    guard let type = records[name] else { throw UnknownName(name, known: records.all.map(\.name)) }
    guard let field else { return type.tableSQL }
    guard let known = type.field(field) else { throw UnknownName(field, known: type.fields.map(\.name)) }
    return type.additionSQL(of: known)
  }

  /// Something is named that there isn't.
  package struct UnknownName: Error, CustomStringConvertible {
    package let description: String

    init(_ name: String, known: [String]) { description = "there is no “\(name)”; there are \(known.joined(separator: ", "))" }
  }

  /// The templates, every one checked against the shape of its page.
  package static func templates(_ options: Options, assets: Assets?) throws -> Templates {
    try Templates(
      folder: options.resources + "/Templates", filters: TemplateFilters.all(assets: assets), globals: PageLayout.shape,
      pages: pages(of: options.features), fragments: ListRows.cells, reloads: options.development)
  }

  // MARK: A request's way

  package func plan(for request: Request) -> Plan {
    guard case .found(let route, _) = router.find(request.method, request.path) else { return .run(bodyLimit: BodyLimit.form) }
    switch route.effort {
    case .quick: return .run(bodyLimit: BodyLimit.form)
    case .write: return .runOnWorker(bodyLimit: BodyLimit.form, lane: .write)
    case .slow: return .runOnWorker(bodyLimit: BodyLimit.form)
    case .files: return .runOnWorker(bodyLimit: BodyLimit.form, lane: .long)
    case .upload: return uploadPlan(request, route, atMost: media.limits.file + BodyLimit.form)
    case .piece: return uploadPlan(request, route, atMost: Uploads.pieceLimit)
    }
  }

  package func respond(to request: Request) -> Response { respond(to: request) { try answer($0) } }

  package func refuseBusy(_ request: Request) -> Response {
    respond(to: request) { context in
      try identify(context)
      throw HTTPError.busy
    }
  }

  private func respond(to request: Request, _ answer: (RequestContext) throws -> Response) -> Response {
    let started = clock.now()
    forwarding.look(at: request, proxies, log)
    let context = context(request)
    defer { context.forgetLoaded() }
    var response: Response
    do {
      response = try answer(context)
    } catch {
      response = ErrorPages.response(to: error, for: context)
    }
    finish(&response, context)
    log(
      "request",
      AccessLog.fields(
        context.request, response, milliseconds: Int(clock.now().milliseconds - started.milliseconds), user: context.session?.user.id.text))
    return response
  }

  /// The request as it came in, from whom it came in truth.
  func context(_ request: Request) -> RequestContext {
    var request = request
    let isSecure = proxies.isSecure(peer: request.peer, headers: request.headers)
    let host = proxies.host(peer: request.peer, headers: request.headers)
    request.peer = proxies.client(peer: request.peer, headers: request.headers)
    let language = Preferences(request.headers["Accept-Language"]).language(among: languages.tags)
    let context = RequestContext(application: self, request: request, language: languages.language(language ?? "en"))
    (context.isSecure, context.host, context.since) = (isSecure, host, live.latest)
    return context
  }

  /// Route → who is it → may they → is the form theirs → handler.
  private func answer(_ context: RequestContext) throws -> Response {
    let request = context.request
    if let asset = assets.response(to: request) { return asset }
    if request.path == ["healthz"] { return try health(context) }
    let route: Route
    switch router.find(request.method, request.path) {
    case .found(let found, let parameters):
      route = found
      context.parameters = parameters
    case .methodNotAllowed(let methods):
      return ErrorPages.methodNotAllowed(methods, for: context)
    case .notFound:
      try identify(context)
      throw HTTPError.notFound
    }
    try identify(context)
    if request.method == .post {
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
    if let response = try refuse(context, route.access) { return response }
    return try route.handler(context)
  }

  /// Finds out who asks, by the cookie.
  private func identify(_ context: RequestContext) throws {
    let cookies = Cookies(context.request.headers)
    if let token = try sessionToken(context, cookies) {
      context.browserToken = token
      let now = context.now
      context.session = try store.read { db in try SessionStore.find(token: token, now: now, in: db) }
      if let session = context.session {
        if !session.user.language.isEmpty { context.language = languages.language(session.user.language) }
        if now.milliseconds - session.seenAt.milliseconds > Int64(SessionLife.seenEvery) * 1000 {
          let address = context.request.peer
          store.writeSoon("seen " + session.id.text) { db in try SessionStore.touch(session.id, now: now, address: address, in: db) }
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
    if case .needs(let level, let resource) = access, context.level(on: resource) < level {
      guard context.may(.readOwn, on: resource) else { throw HTTPError.notFound }
      throw HTTPError.forbidden(Message("Your role lets you see this, but not change it."))
    }
    return nil
  }

  /// A script that posts has no page to come back to, and its page keeps what it has.
  func signInFirst(_ context: RequestContext) -> Response {
    if context.request.headers["Accept"]?.contains("text/html") == true {
      return context.redirect(to: "/sign-in", Flash(Message("Sign in to go on."), kind: .problem))
    }
    return .failure(context.text(Message("Sign in to go on.")), status: 401)
  }

  /// The session ended while somebody was typing.
  func keepForm(_ context: RequestContext, _ form: FormFields, _ access: Access) throws -> Response {
    guard let refused = try DraftRecovery.keep(context, form: form, access) else {
      if context.browserToken == nil { throw HTTPError.forgedToken }
      return context.redirect(to: "/sign-in", Flash(Message("Sign in to go on."), kind: .problem))
    }
    let message =
      refused.isEmpty
      ? Message("Your session has ended. What you typed is kept: sign in and it comes back.")
      : Message(
        "Your session has ended. What you typed is kept: sign in and it comes back. There was no room for {names}.",
        ["names": refused.joined(separator: ", ")])
    return context.redirect(to: "/sign-in", Flash(message, kind: .problem))
  }

  /// Draws a form that was kept: its own page, filled in, or one that offers to send it again. Nothing is saved: its store can't write.
  func replay(_ context: RequestContext, path: String, form: FormFields) throws -> Response {
    var request = context.request
    request.method = .post
    request.target = path
    let bare = path.split(separator: "?", maxSplits: 1).first.map(String.init) ?? path
    request.path = bare.split(separator: "/").map(String.init)
    guard case .found(let route, let parameters) = router.find(.post, request.path) else { return context.redirect(to: "/") }
    let draft = RequestContext(application: self, request: request, language: context.language)
    draft.parameters = parameters
    draft.session = context.session
    draft.browserToken = context.browserToken
    (draft.isSecure, draft.host) = (context.isSecure, context.host)
    draft.isDraft = true
    draft.use(form)
    draft.flash = Flash(Message("Welcome back. Here is what you had typed; nothing is saved yet."))
    if let refusal = try refuse(draft, route.access) { return refusal }
    return try route.draft?(draft) ?? RetryPage.response(.isDraft, for: draft)
  }

  private func health(_ context: RequestContext) throws -> Response {
    _ = try store.read { db in try db.value("SELECT 1") }
    return .text("ok\n")
  }

  /// What every answer gets: cookies, id, security headers, compression.
  func finish(_ response: inout Response, _ context: RequestContext) {
    for cookie in context.cookies { response.headers.add("Set-Cookie", cookie.text) }
    response.headers.set("X-Request-Id", context.request.id)
    SecurityHeaders.apply(to: &response, isSecure: context.isSecure)
    Compression.apply(to: &response, for: context.request)
  }

  /// Files that Debian's packages bring: icons, and drag and drop.
  private static let packagedAssets: [Assets.Extra] = [
    .file("/usr/share/javascript/sortable/Sortable.min.js", as: "vendor/sortable.js"),
    .icons(from: "/usr/share/bootstrap-icons/svg", names: Icons.names, as: "icons.svg"),
  ]
}

/// How large bodies may be, in bytes.
enum BodyLimit {
  static let form = 1 << 20
}
