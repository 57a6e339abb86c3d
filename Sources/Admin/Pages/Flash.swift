import Base
import Crypto
import Web

/// One sentence that the next page shows, with an undo where there is one. Travels in a cookie that only its own session can have written.
package struct Flash: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case done, problem
  }

  var kind = Kind.done
  var message: Message
  /// Where the Undo button posts to.
  var undo: String?
  /// A receipt to download.
  var download: String?
  /// What is shown this once, to be copied.
  var copy: String?

  package init(_ message: Message, kind: Kind = .done, undo: String? = nil, download: String? = nil, copy: String? = nil) {
    self.message = message
    self.kind = kind
    self.undo = undo
    self.download = download
    self.copy = copy
  }

  package static let cookie = "roost_flash"

  /// The cookie's value: the flash and a code that proves who wrote it.
  func sealed(for browserToken: String) -> String {
    let json: JSON = .object([
      "kind": .string(kind.rawValue), "message": message.json, "undo": undo.map { .string($0) } ?? .null,
      "download": download.map { .string($0) } ?? .null, "copy": copy.map { .string($0) } ?? .null,
    ])
    let payload = Base64URL.encode(Array(json.text.utf8))
    return payload + "." + Digest.keyed(payload, key: browserToken)
  }

  /// `nil` for a value that this session didn't write.
  package init?(sealed value: String, for browserToken: String) {
    guard let dot = value.lastIndex(of: ".") else { return nil }
    let payload = String(value[..<dot])
    guard Digest.equal(Digest.keyed(payload, key: browserToken), String(value[value.index(after: dot)...])),
      let bytes = Base64URL.decode(payload), let json = try? JSON(parsing: String(decoding: bytes, as: UTF8.self)),
      let kind = Kind(rawValue: json["kind"]?.string ?? ""), let message = json["message"].flatMap({ Message($0) })
    else { return nil }
    self.init(message, kind: kind, undo: json["undo"]?.string, download: json["download"]?.string, copy: json["copy"]?.string)
  }
}
