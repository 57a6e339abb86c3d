import Base

/// A file of somebody's as an answer: in parts if asked for, and never able to do anything in our name.
package struct FileDownload: Sendable {
  /// Where the bytes lie.
  package let path: String
  /// In bytes.
  package let size: Int
  /// What the browser is told that it is.
  package let type: String
  package let name: String
  /// Changes when the bytes do, in quotes.
  package let tag: String
  /// Shown in the page instead of saved: for pictures only.
  package let isInline: Bool

  package init(path: String, size: Int, type: String, name: String, tag: String, isInline: Bool) {
    self.path = path
    self.size = size
    self.type = type
    self.name = name
    self.tag = tag
    self.isInline = isInline
  }

  /// The answer to a request for it: 200, 206, 304 or 416.
  package func response(to request: Request) -> Response {
    var response = Response(status: 200)
    response.headers.set("ETag", tag)
    response.headers.set("Accept-Ranges", "bytes")
    response.headers.set("Cache-Control", "private, no-cache")
    if ETag.matches(request.headers["If-None-Match"], tag) {
      response.status = 304
      return response
    }
    response.headers.set("Content-Type", type)
    response.headers.set("Content-Disposition", "\(isInline ? "inline" : "attachment"); \(names)")
    // Whatever it is: it runs nothing, loads nothing and belongs to no site.
    response.headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    switch ByteRange(request.headers["Range"], ifRange: request.headers["If-Range"], tag: tag, size: size) {
    case .whole: response.body = .file(FileSlice(path: path, offset: 0, count: size))
    case .part(let offset, let count):
      response.status = 206
      response.headers.set("Content-Range", "bytes \(offset)-\(offset + count - 1)/\(size)")
      response.body = .file(FileSlice(path: path, offset: offset, count: count))
    case .unsatisfiable:
      response.status = 416
      response.headers.set("Content-Range", "bytes */\(size)")
    }
    return response
  }

  /// The name for all browsers: plainly for old ones, and in UTF-8 (RFC 6266 §4.3).
  private var names: String {
    let plain = String(
      decoding: name.unicodeScalars.map {
        $0.isASCII && $0.value >= 0x20 && $0 != "\"" && $0 != "\\" && $0 != "%" && $0.value != 0x7F ? UInt8($0.value) : UInt8(ascii: "_")
      },
      as: UTF8.self)
    return "filename=\"\(plain)\"; filename*=UTF-8''\(PercentEncoding.encode(name))"
  }
}

/// Some bytes of a file, sent by the kernel.
package struct FileSlice: Sendable {
  package let path: String
  /// In bytes, from the file's beginning.
  package let offset: Int
  package let count: Int

  package init(path: String, offset: Int, count: Int) {
    self.path = path
    self.offset = offset
    self.count = count
  }
}
