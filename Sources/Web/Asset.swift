import Crypto
import Synchronization

/// One static file, ready to be sent: its bytes as they are and, if worthwhile, compressed.
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
  /// `nil` if compression doesn't help noticeably.
  private let compressed: CompressedAsset?

  init(name: String, bytes: [UInt8]) {
    digest = String(Digest.hex(Digest.hash(bytes)).prefix(20))
    contentType = Self.types[name.split(separator: ".").last.map { $0.lowercased() } ?? ""] ?? "application/octet-stream"
    plain = SharedBytes(bytes)
    compressed = ContentCoding.isCompressible(contentType) && bytes.count > 256 ? CompressedAsset(plain) : nil
  }

  func response(to request: Request, cacheControl: String) -> Response {
    let coding = compressed == nil ? nil : ContentCoding.chosen(request.headers)
    // Each coding is a representation of its own, with its own tag (RFC 9110 §8.8.3).
    let tag = coding.map { "\"\(digest)-\($0.rawValue)\"" } ?? "\"\(digest)\""
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
    if let compressed, let coding {
      response.headers.set("Content-Encoding", coding.rawValue)
      response.body = .shared(compressed.bytes(coding))
    } else {
      response.body = .shared(plain)
    }
    return response
  }
}

/// The codings of an asset, compressed at the highest level on first use: at start that would take longer than
/// everything else.
private final class CompressedAsset: Sendable {
  private let plain: SharedBytes
  private let gzip = AtomicLazyReference<SharedBytes>()
  private let zstd = AtomicLazyReference<SharedBytes>()

  init(_ plain: SharedBytes) { self.plain = plain }

  func bytes(_ coding: ContentCoding) -> SharedBytes {
    switch coding {
    case .gzip: gzip.load() ?? gzip.storeIfNil(SharedBytes(coding.compressWell(Array(plain.bytes))))
    case .zstd: zstd.load() ?? zstd.storeIfNil(SharedBytes(coding.compressWell(Array(plain.bytes))))
    }
  }
}
