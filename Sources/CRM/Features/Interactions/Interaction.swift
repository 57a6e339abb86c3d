/// One thing that happened with a contact or a company.
enum Interaction {
  static let types = ["call", "email", "meeting", "note", "whatsapp", "sms", "in_person", "task", "other"]
  static let longestSubject = 255
  /// In bytes of UTF-8.
  static let longestBody = 100_000
}
