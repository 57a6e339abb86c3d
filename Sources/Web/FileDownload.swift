import Base

/// A user's file as a response: in ranges if requested, and unable to run anything on this site's behalf.
package struct FileDownload: Sendable {
  /// The file's path.
  package let path: String
  /// In bytes.
  package let size: Int
  /// The content type sent to the browser.
  package let type: String
  package let name: String
  /// Changes with the content, in quotes.
  package let tag: String
  /// Shown in the page instead of saved: for images only.
  package let isInline: Bool

  package init(path: String, size: Int, type: String, name: String, tag: String, isInline: Bool) {
    self.path = path
    self.size = size
    self.type = type
    self.name = name
    self.tag = tag
    self.isInline = isInline
  }

  /// The response: 200, 206, 304 or 416.
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
    response.headers.set("Content-Disposition", Self.disposition(name, isInline: isInline))
    // Whatever the file is: it can't run scripts, load anything or act as this origin.
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

  /// The `Content-Disposition` of a file of this name.
  package static func disposition(_ name: String, isInline: Bool) -> String { "\(isInline ? "inline" : "attachment"); \(names(name))" }

  /// The name for all browsers: ASCII for old ones, and UTF-8 (RFC 6266 §4.3).
  private static func names(_ name: String) -> String {
    let plain = String(
      decoding: name.unicodeScalars.map {
        $0.isASCII && $0.value >= 0x20 && $0 != "\"" && $0 != "\\" && $0 != "%" && $0.value != 0x7F ? UInt8($0.value) : UInt8(ascii: "_")
      },
      as: UTF8.self)
    return "filename=\"\(plain)\"; filename*=UTF-8''\(PercentEncoding.encode(name))"
  }
}

/// A range of a file, sent with sendfile.
package struct FileSlice: Sendable {
  package let path: String
  /// In bytes, from the file's start.
  package let offset: Int
  package let count: Int

  package init(path: String, offset: Int, count: Int) {
    self.path = path
    self.offset = offset
    self.count = count
  }
}
