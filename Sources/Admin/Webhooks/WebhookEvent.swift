import Base
import Crypto
import Store

/// What happened to a record, as webhooks tell it.
struct WebhookEvent: Sendable {
  /// The number of its entry in the activity log.
  let seq: Int
  let at: String
  let actor: Actor
  /// `contact.updated`, as the log has it.
  let name: String
  let type: String
  let record: RecordID
  let recordName: String
  let changes: [Change]

  /// The kinds that a webhook chooses from.
  enum Action: String, CaseIterable, Sendable {
    case created, updated, trashed, restored, deleted, other

    var label: String {
      switch self {
      case .created: "Created"
      case .updated: "Edited"
      case .trashed: "Moved to trash"
      case .restored: "Restored"
      case .deleted: "Deleted permanently"
      case .other: "Notes, interactions, comments and files"
      }
    }
  }

  static let actions = Action.allCases

  var action: Action {
    guard name.hasPrefix(type + ".") else { return .other }
    let what = name.dropFirst(type.utf8.count + 1)
    return what == "reverted" ? .updated : Action(rawValue: String(what)) ?? .other
  }

  /// What is sent. `data` is the record as the API has it; `null` where it is gone. `isShown` says of which fields the texts may be told.
  func payload(_ data: JSON, isShown: (String) -> Bool) -> JSON {
    .object([
      "event": .string(name), "seq": .int(seq), "at": .string(at),
      "actor": .object(["id": actor.id.map { .string($0) } ?? .null, "name": .string(actor.name)]),
      "record": .object(["type": .string(type), "id": .string(record.text), "name": .string(recordName)]),
      "changes": .array(
        changes.map { change in
          let texts = [change.before, change.after].map { isShown(change.field) ? JSON.string($0) : .null }
          return .object(["field": .string(change.field), "before": texts[0], "after": texts[1]])
        }), "data": data,
    ])
  }
}

/// The headers by which a receiver knows who sent something, and when: those of Standard Webhooks, which many languages have libraries for.
enum WebhookSignature {
  static func makeSecret() -> [UInt8] { SecureRandom.bytes(32) }

  /// As people hand it on: `whsec_` and the bytes in Base64.
  static func text(of secret: [UInt8]) -> String { "whsec_" + Base64.encode(secret) }

  /// What seals secrets in the database.
  static func box(_ key: [UInt8]) -> SecretBox { SecretBox(key: key, for: "webhooks") }

  /// HMAC-SHA256 over the id, the time and the body, with points between them.
  static func headers(_ body: [UInt8], id: String, at now: Timestamp, secret: [UInt8]) -> [String] {
    let time = String(now.milliseconds / 1000)
    let signature = Digest.hmacSHA256(Array("\(id).\(time).".utf8) + body, key: secret)
    return ["webhook-id: \(id)", "webhook-timestamp: \(time)", "webhook-signature: v1,\(Base64.encode(signature))"]
  }
}

/// Base64 with padding (RFC 4648 §4), as the headers of webhooks have it.
enum Base64 {
  static func encode(_ bytes: [UInt8]) -> String {
    let text = Base64URL.encode(bytes).replacing("-", with: "+").replacing("_", with: "/")
    return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
  }

  static func decode(_ text: String) -> [UInt8]? {
    Base64URL.decode(text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""))
  }
}
