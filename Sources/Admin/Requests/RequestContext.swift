package import Base
import Blobs
import Crypto
import Store
package import Templating
package import Web

/// One request: user, language, parameters. Lives on one thread, for one response.
package final class RequestContext {
  let pipeline: Pipeline
  package let request: Request
  /// Values of the route pattern's placeholders.
  package var parameters: Parameters
  /// Who is signed in, if anyone.
  package var session: Session?
  /// What has been chosen for this installation.
  package var settings = Settings.standard
  /// The secret that the browser carries in `roost_session`; also the root of its form tokens.
  var browserToken: String?
  package var language: Language
  /// A form that came back after its session had ended: it is shown filled in, and its store writes nothing.
  var isDraft = false
  /// Whether the browser uses TLS up to the proxy: then its cookies are for TLS only.
  var isSecure = false
  /// The host, with its port, that the browser asked for.
  var host: String?
  /// The newest activity entry that was there when the request came: what its page is sure to show.
  var since = 0
  /// The cookies that the browser sent.
  private(set) lazy var sentCookies = Cookies(request.headers)
  /// Cookies to set on the answer.
  package var cookies: [SetCookie] = []
  /// What to tell the visitor on this page.
  package var flash: Flash?
  private(set) var decodedForm: FormFields?
  /// The posted form by its key, if it has one and somebody is signed in.
  private(set) lazy var sentForm: SentForm? = {
    guard request.method == .post, !isDraft, let user = session?.user.id, canReadForm, let form = try? form() else { return nil }
    return SentForm(form, files: files, of: user, at: path, request: request.id)
  }()
  /// Whether an act of this request has been done.
  var hasActed = false
  /// Whether the same form has done something before, with something else in it.
  var hasActedBefore = false
  /// What templates see of the request besides their page's own data.
  private(set) lazy var renderContext = RenderContext(
    globals: PageLayout.record(for: self), language: language, timeZone: session?.user.timeZone ?? "UTC", now: now)
  /// Whether each thing that was loaded is there still; see `load`.
  var loaded: [(Database) throws -> Bool] = []
  /// Files that came with the form.
  private(set) var files: [PostedFile] = []

  package init(pipeline: Pipeline, request: Request, language: Language) {
    self.pipeline = pipeline
    self.request = request
    self.language = language
    self.parameters = Parameters()
  }

  package var composition: Composition { pipeline.composition }
  package var services: Services { pipeline.services }
  package var now: Timestamp { request.received }
  package var query: FormFields { request.query }
  /// The address without its query.
  package var path: String { "/" + request.path.joined(separator: "/") }
  /// The same as logs may have it.
  var loggedPath: String { pipeline.withoutSecret(request) ?? path }

  /// The signed-in user. Routes that need one are not reached without.
  package var user: User {
    get throws {
      guard let session else { throw HTTPError.notFound }
      return session.user
    }
  }

  /// The names of files in a form that was read without them.
  var filesPassedOver: [String] {
    guard case .bytes = request.body, var events = try? FormEvents(request) else { return [] }
    var names: [String] = []
    while let event = try? events.next() {
      if case .file(let part) = event, let name = part.filename, !name.isEmpty { names.append(name) }
    }
    return names
  }

  /// The posted form, decoded once.
  package func form() throws -> FormFields {
    if let decodedForm { return decodedForm }
    let decoded: FormFields
    do {
      if case .file = request.body {
        (decoded, files) = try PostedFile.read(request, into: services.media.blobs.incoming)
      } else {
        decoded = try request.form()
      }
    } catch let error as FormError {
      throw error.problem
    }
    decodedForm = decoded
    return decoded
  }

  /// Whether the posted form is in memory.
  var canReadForm: Bool {
    if case .file = request.body { return decodedForm != nil }
    return true
  }

  /// Puts a form in the place of the request's own: one that was kept.
  func use(_ form: FormFields) { decodedForm = form }

  /// The record id in the route; anything that isn't one is simply not found.
  package func id(_ name: String = "id") throws -> RecordID {
    guard let id = RecordID(parameters[name] ?? "") else { throw HTTPError.notFound }
    return id
  }

  /// What the visitor may do.
  package var grants: Grants { session?.user.grants ?? .nothing }

  package func level(on resource: Resource) -> Level { grants.level(on: resource) }

  package func may(_ level: Level, on resource: Resource) -> Bool { self.level(on: resource) >= level }

  /// Whether this is somebody without an account here, who came by a secret link.
  var isGuest: Bool { session == nil && pipeline.isBySecretLink(request) }

  /// Where the visitor's way home leads: the first page of the menu that they may open.
  package var homePath: String {
    guard session != nil else { return "/sign-in" }
    return composition.menu.first { may($0.level, on: $0.resource) }?.path ?? "/account"
  }

  /// Which records this visitor's queries may reach.
  package func scope(of resource: Resource) throws -> Scope {
    Scope(level(on: resource), on: resource, user: try user.id.text)
  }

  /// The visitor's form token: a function of the secret in the cookie, so nothing needs to be stored.
  var formToken: String {
    CSRF.token(for: browserToken ?? "")
  }

  package func text(_ message: Message) -> String { message.text(in: language) }
}
