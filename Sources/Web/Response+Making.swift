extension Response {
  /// An HTML page.
  package static func html(_ page: SharedBytes, status: Int = 200) -> Response {
    make("text/html; charset=utf-8", .page(page), status)
  }

  /// Plain text.
  package static func text(_ text: String, status: Int = 200) -> Response {
    make("text/plain; charset=utf-8", .bytes(Array(text.utf8)), status)
  }

  /// JSON text.
  package static func json(_ bytes: [UInt8], status: Int = 200) -> Response {
    make("application/json", .bytes(bytes), status)
  }

  /// Redirects to a path of this site; to the home page if it is another site's (`LocalPath.isSafe`). After a post the
  /// browser requests that page, and a reload posts nothing again (303, RFC 9110 §15.4.4).
  package static func redirect(_ location: String, status: Int = 303) -> Response {
    var response = Response(status: status)
    response.headers.set("Location", LocalPath.forHeader(location))
    return response
  }

  private static func make(_ type: String, _ body: Body, _ status: Int) -> Response {
    var response = Response(status: status, body: body)
    response.headers.set("Content-Type", type)
    return response
  }
}
