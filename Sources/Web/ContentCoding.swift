/// Which contents gzip makes smaller, and which clients take it (RFC 9110 §12.5.3).
enum ContentCoding {
  static func isCompressible(_ contentType: String) -> Bool {
    let essence = MediaType(contentType).essence
    if essence.hasPrefix("text/") || essence.hasSuffix("+xml") || essence.hasSuffix("+json") { return true }
    return essence == "application/json" || essence == "application/javascript" || essence == "application/xml"
  }

  static func takesGzip(_ headers: Headers) -> Bool {
    guard let header = headers["Accept-Encoding"] else { return false }
    let preferences = Preferences(header)
    guard let weight = preferences["gzip"] ?? preferences["x-gzip"] else { return false }
    return weight > 0
  }

  /// The answer depends on `Accept-Encoding`: caches must know.
  static func addVary(to headers: inout Headers) {
    let names = headers.all("Vary").flatMap { $0.split(separator: ",") }.map { $0.lowercased().split(separator: " ").first ?? "" }
    if !names.contains("accept-encoding"), !names.contains("*") { headers.add("Vary", "Accept-Encoding") }
  }
}
