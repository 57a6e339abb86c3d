import Admin
import Base

/// One thing that happened with a contact or a company.
struct Interaction: Sendable {
  let seq: Int
  let id: RecordID
  var details: InteractionDetails
  let version: Int
  let loggedBy: String
  let isDeleted: Bool

  /// What it was: as it is stored, as it reads, and its icon.
  struct Kind: Sendable {
    let id: String
    let label: String
    let icon: String
  }

  static let kinds = [
    Kind(id: "call", label: "Call", icon: "telephone"), Kind(id: "email", label: "E-mail", icon: "envelope"),
    Kind(id: "meeting", label: "Meeting", icon: "people"), Kind(id: "note", label: "Note", icon: "sticky"),
    Kind(id: "whatsapp", label: "WhatsApp", icon: "whatsapp"), Kind(id: "sms", label: "SMS", icon: "chat"),
    Kind(id: "in_person", label: "In person", icon: "person"), Kind(id: "task", label: "Task", icon: "check-circle"),
    Kind(id: "other", label: "Other", icon: "dot"),
  ]
  static let types = kinds.map(\.id)
  /// What can be logged. A task is a record of its own today; those that were logged before stay what they are.
  static let offered = kinds.filter { $0.id != "task" }

  /// Which way one of a type went, as far as nobody has said.
  static func usualDirection(of type: String) -> String { ["call", "email", "whatsapp", "sms"].contains(type) ? "outbound" : "internal" }

  /// Which way it went: as it is stored, and as it reads.
  static let directions = [("internal", "Internal"), ("outbound", "Outbound"), ("inbound", "Inbound")]

  static let longestSubject = 255
  /// In characters; for files that are imported, in bytes of UTF-8.
  static let longestBody = 100_000

  static func type(_ id: String) -> Kind { kinds.first { $0.id == id } ?? Kind(id: id, label: id, icon: "dot") }

  static func direction(_ id: String) -> String { directions.first { $0.0 == id }?.1 ?? id }
}

/// What the form of an interaction changes.
struct InteractionDetails: Sendable, Equatable {
  var type = "note"
  var direction = "internal"
  var subject = ""
  /// Markdown.
  var body = ""
  var occurredAt: Timestamp
  /// The IANA zone in which the time was typed.
  var zone: String
  var minutes: Int?
  var outcome = ""
  /// What this continues: the id of the thread's first interaction.
  var thread: String?

  /// As a person reads them, for histories and conflicts.
  func texts(_ parties: [Party]) -> [FieldText] {
    [
      FieldText(field: "type", text: type), FieldText(field: "direction", text: direction),
      FieldText(field: "occurred_at", text: occurredAt.text), FieldText(field: "zone", text: zone),
      FieldText(field: "duration", text: minutes.map(String.init) ?? ""), FieldText(field: "outcome", text: outcome),
      FieldText(field: "subject", text: subject), FieldText(field: "body", text: body),
      FieldText(field: "party", text: parties.map(\.name).joined(separator: "\n")),
    ]
  }
}
