import Base
@testable import Admin
@testable import CRM
import Crypto
import Foundation
import HTTPClient
import Store
import TestKit
import Testing
import Web
import XML

/// The product in process: a real database, the real templates, no socket. Its clock is fixed until a test moves it.
final class TestApp {
  static let resources = Installation.resources

  let store: Store
  let application: Application
  var composition: Composition { application.composition }
  var services: Services { application.services }
  var pipeline: Pipeline { application.pipeline }
  private let time: TestTime

  /// The folder of this app's files.
  let mediaFolder = NSTemporaryDirectory() + "roost-media-\(UInt64.random(in: .min ... .max))"

  /// - Parameter demo: The demo office that is there already.
  init(
    demo: DemoOffice? = nil, named demoUser: String = "Demo", proxies: ClientAddress = .direct,
    mediaLimits: MediaLibrary.Limits = MediaLibrary.Limits(),
    inspector: any FileInspector = DirectInspector(), passwordCost: PasswordHasher.Cost = .cheap, log: Log = .silent,
    writeTimeout: Double = 30, trace: (@Sendable (String) -> Void)? = nil,
    features: [Feature] = [],
    post: @escaping @Sendable ([UInt8], String, [String], Bool) throws(HTTPClient.Failure) -> HTTPClient.Reply = {
      _, _, _, _ throws(HTTPClient.Failure) in throw .address
    }
  ) throws {
    let installation = Installation.of(features)
    let time = TestTime()
    self.time = time
    store = try Store.temporary(
      from: installation.database(with: demo, named: demoUser, now: time.now), writeTimeout: writeTimeout, trace: trace)
    var options = Application.Options(resources: Self.resources)
    options.log = log
    options.passwordCost = passwordCost
    options.proxies = proxies
    options.mediaFolder = mediaFolder
    options.keyFile = mediaFolder + ".key"
    options.mediaLimits = mediaLimits
    options.backupFolder = mediaFolder + "-backups"
    options.inspector = inspector
    options.country = "GR"
    options.post = post
    options.clock = Clock { time.now }
    application = try Application(installation.composition, store: store, options: options, files: installation.files.get())
  }

  deinit {
    for path in [mediaFolder, mediaFolder + ".key", mediaFolder + "-backups"] { try? FileManager.default.removeItem(atPath: path) }
  }

  var now: Timestamp { time.now }

  func wait(seconds: Int) { time.now = time.now.adding(seconds: seconds) }

  /// Removes what has been kept long enough.
  func keepHouse() throws {
    try store.write { db in _ = try Jobs.enqueue(.housekeeping, now: now, in: db) }
    try services.performDueJobs()
  }

  static let password = "correct horse battery"

  /// A user with this role, signed in with the real form.
  func visitor(_ role: Role? = .owner, name: String = "Olga Owner") throws -> TestClient {
    let visitor = TestClient(self)
    guard let role else { return visitor }
    let email = "\(role.rawValue).\(try store.read { try $0.value("SELECT count(*) FROM users") } ?? 0)@example.com"
    try NewUser.add(UserDraft(email: email, name: name, roles: [role]), password: Self.password, cost: .cheap, to: store, now: now)
    visitor.get("/sign-in")
    let response = visitor.post("/sign-in", ["email": email, "password": Self.password])
    try #require(response.status == 303, "signing in answered \(response.status)")
    return visitor
  }

  /// Makes all accounts inactive, as nobody can do who leaves an owner.
  func disableEverybody() throws {
    try store.write { db in
      try db.script("DROP TRIGGER last_owner_stays_active")
      try db.run("UPDATE users SET status = 'inactive'")
    }
  }

  /// The first id of a query's result.
  func id(_ sql: SQL) throws -> String { try #require(try store.read { try $0.text(sql) }) }
}

/// `@unchecked Sendable`: a test uses it from one thread at a time.
private final class TestTime: @unchecked Sendable {
  var now = Timestamp(milliseconds: 1_795_000_000_000)
}

/// A browser, as seen by a server: cookies, and the form token of the last page.
final class TestClient {
  private let office: TestApp
  private var cookies: [String: String] = [:]
  private var token = ""
  /// The form token of the last page.
  var lastToken: String { token }
  var acceptLanguage: String?
  /// Headers sent with every request.
  var headers: [String: String] = [:]
  /// The address that its requests come from.
  var peer = "127.0.0.1"

  init(_ office: TestApp) { self.office = office }

  /// The same user in another window.
  func copy() -> TestClient {
    let other = TestClient(office)
    other.cookies = cookies
    other.token = token
    return other
  }

  func forgetCookies() { cookies = [:] }

  @discardableResult
  func get(_ target: String) -> Response { send(.get, target, .none, [:]) }

  /// Posts fields with the token of the last page.
  @discardableResult
  func post(_ target: String, _ fields: KeyValuePairs<String, String>, token: String? = nil) -> Response {
    post(target, fields.map { ($0.key, $0.value) } + [("csrf_token", token ?? self.token)])
  }

  @discardableResult
  func post(_ target: String, _ pairs: [(String, String)]) -> Response {
    let body = pairs.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
    return post(target, raw: Array(body.utf8))
  }

  @discardableResult
  func post(_ target: String, raw body: [UInt8], type: String = "application/x-www-form-urlencoded") -> Response {
    send(.post, target, .bytes(body), ["Content-Type": type])
  }

  /// A file in a form.
  struct File {
    var field = "file"
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }

    init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
  }

  /// Posts a form with files, whose body the server has streamed to disk.
  @discardableResult
  func post(
    _ target: String, _ fields: [(String, String)] = [], files: [File], token: String? = nil, upload: String? = nil
  ) -> Response {
    var body: [UInt8] = []
    for (name, value) in [("csrf_token", token ?? self.token)] + fields + (upload.map { [("upload", $0)] } ?? []) {
      body += Array("--edge\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }
    for file in files {
      let head =
        "--edge\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\nContent-Type: image/png\r\n\r\n"
      body += Array(head.utf8) + file.bytes + Array("\r\n".utf8)
    }
    body += Array("--edge--\r\n".utf8)
    return post(target, streamed: body, type: "multipart/form-data; boundary=edge")
  }

  /// Posts a body that the server has streamed to disk.
  @discardableResult
  func post(_ target: String, streamed body: [UInt8], type: String, headers: [String: String] = [:]) -> Response {
    let path = NSTemporaryDirectory() + "roost-body-\(UInt64.random(in: .min ... .max))"
    try? Data(body).write(to: URL(fileURLWithPath: path))
    return send(
      .post, target, .file(TemporaryFile(path: path, size: body.count)), headers.merging(["Content-Type": type], uniquingKeysWith: { $1 }))
  }

  /// Loses the session cookie, as browsers do.
  func forgetSession() { cookies["roost_session"] = nil }

  /// Another browser with a copy of this one's session cookie: a thief's.
  func thief() -> TestClient {
    let other = TestClient(office)
    other.cookies["roost_session"] = cookies["roost_session"]
    other.token = token
    return other
  }

  func cookie(_ name: String) -> String? { cookies[name] }

  func set(cookie: String, _ value: String) { cookies[cookie] = value }

  private func send(_ method: Request.Method, _ target: String, _ body: Request.Body, _ headers: [String: String]) -> Response {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    let path = (parts.first ?? "").split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    let query = parts.count > 1 ? (try? FormDecoder.urlencoded(Array(parts[1].utf8))) ?? FormFields() : FormFields()
    var request = Request(
      id: String(UInt64.random(in: .min ... .max), radix: 16), method: method, path: path, target: target, query: query, body: body,
      peer: peer, received: office.now)
    for (name, value) in self.headers.merging(headers, uniquingKeysWith: { $1 }) { request.headers.set(name, value) }
    if let acceptLanguage { request.headers.set("Accept-Language", acceptLanguage) }
    if !cookies.isEmpty, self.headers["Cookie"] == nil {
      request.headers.set("Cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
    }
    let response = office.pipeline.respond(to: request)
    for cookie in response.headers.all("Set-Cookie") {
      let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      cookies[pair[0]] = cookie.contains("Max-Age=0") ? nil : pair[1]
    }
    if response.isHTML, let found = response.text.firstMatch(of: #/name="csrf_token" value="([^"]+)"/#) { token = String(found.output.1) }
    return response
  }

  private static func encode(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }
}

extension Response {
  /// The whole body as text.
  var text: String { String(decoding: fileBytes ?? bodyBytes ?? [], as: UTF8.self) }

  /// The bytes of a file response.
  var fileBytes: [UInt8]? {
    guard case .file(let slice) = body else { return nil }
    return FileManager.default.contents(atPath: slice.path).map { Array($0.dropFirst(slice.offset).prefix(slice.count)) }
  }

  var page: HTMLDocument { HTMLDocument(text) }

  var location: String { headers["Location"] ?? "" }
}

/// Counts the statements that pages run, for `TestApp(trace:)`. `@unchecked Sendable`: a test uses it from one thread.
final class QueryCounter: @unchecked Sendable {
  private(set) var count = 0
  func add() { count += 1 }
}
