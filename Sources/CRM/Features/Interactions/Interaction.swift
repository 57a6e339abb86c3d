/// One thing that happened with a contact or a company.
enum Interaction {
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
  static let longestSubject = 255
  /// In bytes of UTF-8.
  static let longestBody = 100_000

  static func type(_ id: String) -> Kind { kinds.first { $0.id == id } ?? Kind(id: id, label: id, icon: "dot") }
}
