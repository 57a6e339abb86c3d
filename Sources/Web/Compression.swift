/// Compresses responses for clients that accept it.
package enum Compression {
  /// Below this many bytes the header costs what compression saves.
  private static let threshold = 1 << 10

  /// Compresses bodies in memory of more than 1 KiB that are not encoded yet. Streams and shared assets are sent
  /// unchanged. A tag becomes weak, or another strong one where clients send it back in `If-Match`.
  package static func apply(to response: inout Response, for request: Request, keepingTagsStrong: Bool = false) {
    guard response.headers["Content-Encoding"] == nil, let type = response.headers["Content-Type"], ContentCoding.isCompressible(type),
      let size = response.body.compressibleSize, size > threshold
    else { return }
    ContentCoding.addVary(to: &response.headers)
    guard let coding = ContentCoding.chosen(request.headers) else { return }
    switch response.body {
    case .bytes(let bytes): response.body = .bytes(coding.compress(bytes))
    case .page(let page): response.body = .bytes(coding.compress(Array(page.bytes)))
    default: return
    }
    response.headers.set("Content-Encoding", coding.rawValue)
    if let tag = response.headers["ETag"] { response.headers.set("ETag", keepingTagsStrong ? ETag.coded(tag, coding) : ETag.weak(tag)) }
  }
}

extension Response.Body {
  /// The size of a body made for one response; `nil` for one that is sent unchanged.
  fileprivate var compressibleSize: Int? {
    switch self {
    case .bytes(let bytes): bytes.count
    case .page(let page): page.bytes.count
    case .empty, .shared, .file, .stream, .events: nil
    }
  }
}
