import Crypto
import Gzip

/// One static file, ready to be sent: its bytes as they are and, where that helps, compressed.
struct Asset: Sendable {
  private static let types = [
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "ico": "image/x-icon", "woff2": "font/woff2",
    "json": "application/json", "webmanifest": "application/manifest+json", "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8", "map": "application/json", "pdf": "application/pdf",
  ]

  let digest: String
  private let contentType: String
  private let plain: SharedBytes
  private let compressed: SharedBytes?

  /// What is a part of a linked asset is hardly ever asked for by itself, and not worth the time that compressing takes at start.
  init(name: String, bytes: [UInt8], isPart: Bool = false) {
    digest = String(Digest.hex(Digest.hash(bytes)).prefix(20))
    contentType = Self.types[name.split(separator: ".").last.map { $0.lowercased() } ?? ""] ?? "application/octet-stream"
    plain = SharedBytes(bytes)
    let small = !isPart && ContentCoding.isCompressible(contentType) ? Gzip.compress(bytes, level: 9) : bytes
    compressed = small.count < bytes.count * 9 / 10 ? SharedBytes(small) : nil
  }

  func response(to request: Request, cacheControl: String) -> Response {
    let isCompressed = compressed != nil && ContentCoding.takesGzip(request.headers)
    let tag = isCompressed ? "\"\(digest)-gz\"" : "\"\(digest)\""
    var response = Response(status: 200)
    response.headers.set("Cache-Control", cacheControl)
    response.headers.set("ETag", tag)
    response.headers.set("X-Content-Type-Options", "nosniff")
    if compressed != nil { ContentCoding.addVary(to: &response.headers) }
    if ETag.matches(request.headers["If-None-Match"], tag) {
      response.status = 304
      return response
    }
    response.headers.set("Content-Type", contentType)
    if let compressed, isCompressed {
      response.headers.set("Content-Encoding", "gzip")
      response.body = .shared(compressed)
    } else {
      response.body = .shared(plain)
    }
    return response
  }
}
