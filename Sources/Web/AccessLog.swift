/// The log line of a request.
package enum AccessLog {
  /// Names and values for `Log`, without the query: searches and one-time links are private. `path` is another one to log, where that has a secret.
  package static func fields(
    _ request: Request, _ response: Response, milliseconds: Int, user: String?, path: String? = nil
  ) -> KeyValuePairs<String, String> {
    [
      "id": request.id, "method": request.method.rawValue, "path": path ?? self.path(of: request), "status": String(response.status),
      "bytes": bytes(of: response), "ms": String(milliseconds), "peer": request.peer, "user": user ?? "-",
    ]
  }

  private static func path(of request: Request) -> String {
    // By bytes: a combining mark after the question mark would form a different character, and the query would go to
    // the log.
    String(decoding: request.target.utf8.prefix { $0 != UInt8(ascii: "?") }.prefix(500), as: UTF8.self)
  }

  private static func bytes(of response: Response) -> String {
    switch response.body {
    case .empty: "0"
    case .bytes(let bytes): String(bytes.count)
    case .page(let shared), .shared(let shared): String(shared.bytes.count)
    case .file(let slice): String(slice.count)
    case .stream: "stream"
    case .events: "events"
    }
  }
}
