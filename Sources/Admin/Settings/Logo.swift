import Base
package import Store
import Templating
import Web

/// The office's picture, on every page and on documents. The setting says what it is; its bytes are in a table of their own, which keeps those of the past
/// too: so the history, undo and conflicts have to do with a line of text only.
package struct Logo: Sendable, Equatable {
  /// What an upload is scaled down to, in pixels.
  static let mostWidth = 640
  static let mostHeight = 240

  /// The SHA-256 of its bytes.
  let hash: String
  /// Otherwise a JPEG.
  package let isPNG: Bool
  /// In pixels.
  package let width: Int
  package let height: Int
  /// In bytes.
  package let size: Int

  init(hash: String, isPNG: Bool, width: Int, height: Int, size: Int) {
    (self.hash, self.isPNG, self.width, self.height, self.size) = (hash, isPNG, width, height, size)
  }

  /// As the setting stores it; `nil` for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "png" || parts[0] == "jpeg", let width = Int(parts[1]), (1...Self.mostWidth).contains(width),
      let height = Int(parts[2]), (1...Self.mostHeight).contains(height), let size = Int(parts[3]), size > 0,
      parts[4].utf8.count == 64, parts[4].utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.init(hash: String(parts[4]), isPNG: parts[0] == "png", width: width, height: height, size: size)
  }

  var text: String { "\(isPNG ? "png" : "jpeg") \(width) \(height) \(size) \(hash)" }

  package var type: String { isPNG ? "image/png" : "image/jpeg" }

  /// Its bytes; `nil` if they have been lost.
  package func bytes(in db: Database) throws -> [UInt8]? { try LogoStore.bytes(of: self, in: db) }

  /// As the history has it: `PNG, 320 × 120, 5.1 KB`.
  func described(_ formats: Formats) -> String {
    "\(isPNG ? "PNG" : "JPEG"), \(width) × \(height), \(formats.size(size))"
  }

  /// The size at which it fits a place on a page, never enlarged.
  func fitting(width most: Int, height high: Int) -> (width: Int, height: Int) {
    if width <= most, height <= high { return (width, height) }
    return width * high >= height * most ? (most, max(1, height * most / width)) : (max(1, width * high / height), high)
  }

  /// Whether it takes the place of the name: one that is hardly wider than high is a sign rather than a lettering, and has the name beside it.
  var isAlone: Bool { 2 * width >= 3 * height }

  // MARK: On pages

  static let path = "/logo"

  /// With its hash in it, so that browsers keep it until there is another.
  var href: String { Self.path + "?v=" + hash.prefix(20) }

  static let shape = ViewSchema(
    "logo",
    [
      ("src", .text), ("width", .int), ("height", .int), ("doorWidth", .int), ("doorHeight", .int), ("isAlone", .bool),
      ("isSeeThrough", .bool),
    ])

  /// For the top bar, and for pages without it.
  var view: ViewData {
    let (bar, door) = (fitting(width: 176, height: 32), fitting(width: 280, height: 80))
    return ViewData(
      Self.shape,
      [
        .text(href), .int(bar.width), .int(bar.height), .int(door.width), .int(door.height), .bool(isAlone), .bool(isPNG),
      ])
  }

  static let route = Route.get(path, .anyone, effort: .read, send)

  @Sendable private static func send(_ context: RequestContext) throws -> Response {
    guard let logo = context.settings.logo else { throw HTTPError.notFound }
    let tag = "\"\(logo.hash)\""
    var response = Response(status: 200)
    response.headers.set("ETag", tag)
    // An address with another hash is one of the past or the future.
    let isLasting = context.request.target == logo.href
    response.headers.set("Cache-Control", isLasting ? "public, max-age=31536000, immutable" : "public, no-cache")
    // What anybody may keep sets no cookies. And a message for the next page waits for that.
    context.cookies = []
    if ETag.matches(context.request.headers["If-None-Match"], tag) {
      response.status = 304
      return response
    }
    guard let bytes = try context.store.read({ db in try logo.bytes(in: db) }) else { throw HTTPError.notFound }
    response.headers.set("Content-Type", logo.type)
    response.headers.set("X-Content-Type-Options", "nosniff")
    response.body = .bytes(bytes)
    return response
  }
}

extension Settings {
  /// The office's logo, for pages and documents; `nil` if there is none.
  package var logo: Logo? { Logo(self[.logo].text) }
}

/// All SQL over the bytes of logos.
enum LogoStore {
  /// How long one waits for its form to be saved, in seconds.
  private static let life = 24 * 3600

  static func add(_ logo: Logo, _ bytes: [UInt8], now: Timestamp, in db: Database) throws {
    try db.run(
      """
      INSERT INTO logos (logo, bytes, is_saved, added_at) VALUES (\(logo.text), \(bytes), 0, \(now))
      ON CONFLICT (logo) DO UPDATE SET added_at = excluded.added_at
      """)
  }

  static func exists(_ logo: Logo, in db: Database) throws -> Bool {
    try db.value("SELECT EXISTS (SELECT 1 FROM logos WHERE logo = \(logo.text))") == 1
  }

  /// From now on the history knows it.
  static func keep(_ logo: Logo, in db: Database) throws {
    try db.run("UPDATE logos SET is_saved = 1 WHERE logo = \(logo.text)")
  }

  static func bytes(of logo: Logo, in db: Database) throws -> [UInt8]? {
    try db.first("SELECT bytes FROM logos WHERE logo = \(logo.text)") { $0.bytes(0) }
  }

  /// Removes those whose form was never saved.
  static let chore = Chore { run in
    let latest = run.now.adding(seconds: -life)
    return try run.step(.essential) { db in try db.run("DELETE FROM logos WHERE is_saved = 0 AND added_at < \(latest)") }
  }
}
