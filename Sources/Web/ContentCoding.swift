import Gzip

/// How contents are made smaller on their way, and which clients take that (RFC 9110 §8.4, §12.5.3).
enum ContentCoding: String, Sendable {
  case gzip
  case zstd

  /// Which of the codings the client likes best, by its weights; of equals the better one, zstd. `nil` for none.
  static func chosen(_ headers: Headers) -> ContentCoding? {
    guard let header = headers["Accept-Encoding"] else { return nil }
    let preferences = Preferences(header)
    func named(_ name: String) -> Int? { preferences.items.first { $0.name == name }?.weight }
    // Who says that anything will do may still be too old for zstd. RFC 9110 §8.4.1.3 has `x-gzip` for gzip.
    let (zstd, gzip) = (named("zstd") ?? 0, preferences["gzip"] ?? preferences["x-gzip"] ?? 0)
    guard max(zstd, gzip) > 0, max(zstd, gzip) >= named("identity") ?? 0 else { return nil }
    return zstd >= gzip ? .zstd : .gzip
  }

  /// For what is made for each answer: of a list page of 47 KB, gzip makes 9.6 KB in 303 µs and zstd 8.9 KB in 127.
  func compress(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .gzip: Gzip.compress(bytes, level: 1)
    case .zstd: Zstd.compress(bytes, level: 1)
    }
  }

  /// For what is compressed once and sent for ever.
  func compressWell(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .gzip: Gzip.compress(bytes, level: 12)
    case .zstd: Zstd.compress(bytes, level: 19)
    }
  }

  static func isCompressible(_ contentType: String) -> Bool {
    let essence = MediaType(contentType).essence
    if essence.hasPrefix("text/") || essence.hasSuffix("+xml") || essence.hasSuffix("+json") { return true }
    return essence == "application/json" || essence == "application/javascript" || essence == "application/xml"
  }

  /// The answer depends on `Accept-Encoding`: caches must know.
  static func addVary(to headers: inout Headers) {
    let names = headers.all("Vary").flatMap { $0.split(separator: ",") }.map { $0.lowercased().split(separator: " ").first ?? "" }
    if !names.contains("accept-encoding"), !names.contains("*") { headers.add("Vary", "Accept-Encoding") }
  }
}
