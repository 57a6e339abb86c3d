import Gzip

/// Content codings and their negotiation (RFC 9110 §8.4, §12.5.3).
enum ContentCoding: String, Sendable {
  case gzip
  case zstd

  /// The coding that the client prefers, by its weights; between equals zstd. `nil` for none.
  static func chosen(_ headers: Headers) -> ContentCoding? {
    guard let header = headers["Accept-Encoding"] else { return nil }
    let preferences = Preferences(header)
    func named(_ name: String) -> Int? { preferences.items.first { $0.name == name }?.weight }
    // A client that sends `*` could be too old for zstd. RFC 9110 §8.4.1.3 defines `x-gzip` as gzip.
    let (zstd, gzip) = (named("zstd") ?? 0, preferences["gzip"] ?? preferences["x-gzip"] ?? 0)
    guard max(zstd, gzip) > 0, max(zstd, gzip) >= named("identity") ?? 0 else { return nil }
    return zstd >= gzip ? .zstd : .gzip
  }

  /// For dynamic content: of a list page of 47 KB, gzip makes 9.6 KB in 303 µs and zstd 8.9 KB in 127.
  func compress(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .gzip: Gzip.compress(bytes, level: 1)
    case .zstd: Zstd.compress(bytes, level: 1)
    }
  }

  /// For content that is compressed once and sent often.
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

  /// The response depends on `Accept-Encoding`: caches must know.
  static func addVary(to headers: inout Headers) {
    let names = headers.all("Vary").flatMap { $0.split(separator: ",") }.map { $0.lowercased().split(separator: " ").first ?? "" }
    if !names.contains("accept-encoding"), !names.contains("*") { headers.add("Vary", "Accept-Encoding") }
  }
}
