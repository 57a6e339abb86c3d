import Base
import Web

extension Request {
  /// A request as passed on by the server.
  static func sample(
    _ method: Method = .get, _ target: String = "/", headers fields: KeyValuePairs<String, String> = [:], body: Body = .none
  ) -> Request {
    var headers = Headers()
    for (name, value) in fields { headers.add(name, value) }
    let path = target.prefix { $0 != "?" }.split(separator: "/").map(String.init)
    return Request(
      id: "r1", method: method, path: path, target: target, headers: headers, body: body, received: Timestamp(milliseconds: 0))
  }
}

extension Response {
  /// The bytes of a body in memory.
  var bytes: [UInt8] {
    switch body {
    case .bytes(let bytes): bytes
    case .page(let shared), .shared(let shared): Array(shared.bytes)
    case .empty, .stream, .file, .events: []
    }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
