import Gzip

/// Compresses answers for clients that take gzip.
package enum Compression {
  /// Below this many bytes the header costs what compression saves.
  private static let threshold = 1 << 10
  /// Of a list page of 60 KB, level 1 makes 7.8 KB, 3 makes 7.3 KB in the same time, 4 makes 7.2 KB in more than twice the time.
  private static let level = 3

  /// Compresses text in memory of more than 1 KiB that is not encoded yet. Streams and shared assets go out as they are.
  package static func apply(to response: inout Response, for request: Request) {
    guard response.headers["Content-Encoding"] == nil, let type = response.headers["Content-Type"], ContentCoding.isCompressible(type),
      case .bytes(let bytes) = response.body, bytes.count > threshold
    else { return }
    ContentCoding.addVary(to: &response.headers)
    guard ContentCoding.takesGzip(request.headers) else { return }
    response.body = .bytes(Gzip.compress(bytes, level: level))
    response.headers.set("Content-Encoding", "gzip")
    if let tag = response.headers["ETag"] { response.headers.set("ETag", ETag.weak(tag)) }
  }
}
