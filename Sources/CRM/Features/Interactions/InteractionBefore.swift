import Base

/// What an entry of the history keeps of an interaction that it is about: which one, and what it was before.
struct InteractionBefore {
  let id: RecordID
  /// Absent where there was nothing before.
  var details: InteractionDetails?

  init(_ id: RecordID, _ details: InteractionDetails? = nil) { (self.id, self.details) = (id, details) }

  /// How texts of one interaction begin.
  static func start(_ id: RecordID) -> String { "{\"id\":\"\(id.text)\"" }

  var text: String {
    var members: [JSON.Member] = [.init(name: "id", value: .string(id.text))]
    if let details {
      members += [
        ("type", details.type), ("direction", details.direction), ("subject", details.subject), ("body", details.body),
        ("occurred_at", details.occurredAt.text), ("zone", details.zone), ("outcome", details.outcome),
      ].map { .init(name: $0, value: .string($1)) }
      if let minutes = details.minutes { members.append(.init(name: "minutes", value: .int(minutes))) }
      if let thread = details.thread { members.append(.init(name: "thread", value: .string(thread))) }
    }
    return JSON.object(members).text
  }

  init?(_ text: String) {
    guard let json = try? JSON(parsing: text), let id = json["id"]?.string.flatMap({ RecordID($0) }) else { return nil }
    self.id = id
    guard let time = json["occurred_at"]?.string.flatMap({ Timestamp($0) }) else { return }
    var details = InteractionDetails(occurredAt: time, zone: json["zone"]?.string ?? "UTC")
    details.type = json["type"]?.string ?? details.type
    details.direction = json["direction"]?.string ?? details.direction
    details.subject = json["subject"]?.string ?? ""
    details.body = json["body"]?.string ?? ""
    details.outcome = json["outcome"]?.string ?? ""
    details.minutes = json["minutes"]?.int
    details.thread = json["thread"]?.string
    self.details = details
  }
}
