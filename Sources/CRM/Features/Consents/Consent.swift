import Admin
import Base
import Store

/// Whether a contact may be reached by a channel, and how that came about. The contact has the present state (the fields `consent` and `opted_out`);
/// `consent_changes` has every change of it, by whatever way it was made, and is only ever added to.
enum Consent {
  /// By what somebody may agree to be reached.
  static let channels = [("email", "E-mail"), ("phone", "Phone"), ("sms", "SMS"), ("whatsapp", "WhatsApp")]

  /// In place of a channel: consent to anything at all, which somebody who opts out withdraws.
  static let everything = "all"

  /// How somebody gave or withdrew it, as users choose it.
  static let ways = [
    ("", "Not specified"), ("in_person", "In person"), ("phone", "Call"), ("email", "E-mail"), ("paper", "Signed form"),
    ("web", "Web form"),
  ]

  /// What a user knows of a change besides that it was made.
  struct Details {
    var way = ""
    var remark = ""
    var textVersion: Int?
  }

  @Sendable static func recordChannels(_ value: FieldValue, for contact: RecordID, _ act: ActContext) throws {
    let given = ChoicesField.chosen(value)
    for (channel, _) in channels { try record(channel, given.contains(channel), for: contact, act) }
  }

  @Sendable static func recordOptOut(_ value: FieldValue, for contact: RecordID, _ act: ActContext) throws {
    try record(everything, value.isEmpty, for: contact, act)
  }

  /// Adds a change, unless the last one came to the same.
  static func record(_ channel: String, _ isGiven: Bool, for contact: RecordID, _ act: ActContext, _ details: Details = Details()) throws {
    guard try isGiven != self.isGiven(channel, by: contact, in: act.db) else { return }
    let file = try act.batch.flatMap { try act.db.text("SELECT file FROM batches WHERE id = \($0)") }
    let way = file != nil ? "import" : act.actor.id == nil ? "program" : details.way
    try act.db.run(
      """
      INSERT INTO consent_changes (contact_id, channel, is_given, at, actor_id, actor_name, way, file, remark, text_version)
      VALUES (\(contact), \(channel), \(isGiven ? 1 : 0), \(act.now), \(act.actor.id), \(act.actor.name), \(way), \(file ?? ""), \(details.remark),
        \(details.textVersion))
      """)
  }

  /// By the last change. Without any, nobody has agreed to a channel, and nobody has opted out.
  private static func isGiven(_ channel: String, by contact: RecordID, in db: Database) throws -> Bool {
    try db.value("SELECT is_given FROM consent_changes WHERE contact_id = \(contact) AND channel = \(channel) ORDER BY seq DESC LIMIT 1")
      .map { $0 == 1 } ?? (channel == everything)
  }

  struct Change {
    let channel: String
    let isGiven: Bool
    let at: String
    let actorName: String
    let way: String
    let file: String
    let remark: String
    let text: (version: Int, text: String)?
  }

  /// All changes of a contact, the newest first.
  static func changes(of contact: RecordID, in db: Database) throws -> [Change] {
    try db.all(
      """
      SELECT c.channel, c.is_given, c.at, c.actor_name, c.way, c.file, c.remark, c.text_version, t.text
      FROM consent_changes c LEFT JOIN consent_texts t ON t.version = c.text_version WHERE c.contact_id = \(contact) ORDER BY c.seq DESC
      """
    ) { row in
      Change(
        channel: row.text(0), isGiven: row.bool(1), at: row.text(2), actorName: row.text(3), way: row.text(4), file: row.text(5),
        remark: row.text(6), text: row.intOrNil(7).map { ($0, row.text(8)) })
    }
  }

  /// The text that contacts are asked to agree to, if there is one.
  static func currentText(in db: Database) throws -> (version: Int, text: String)? {
    try db.first("SELECT version, text FROM consent_texts ORDER BY version DESC LIMIT 1") { ($0.int(0), $0.text(1)) }
      .flatMap { $0.1.isEmpty ? nil : $0 }
  }
}

extension Consent.Change {
  /// "E-mail: given"
  var what: Message {
    guard let label = Consent.channels.first(where: { $0.0 == channel })?.1 else {
      return isGiven ? Message("Opt-out removed") : Message("Opted out")
    }
    let labels = ["channel": [label]]
    return isGiven ? Message("Consent given: {channel}", labels: labels) : Message("Consent withdrawn: {channel}", labels: labels)
  }

  /// How it came about.
  var how: Message? {
    switch way {
    case "import": Message("Imported from {file}", ["file": file])
    case "program": Message("Command line")
    case "earlier": Message("Before the history began")
    case "": nil
    default: Message(Consent.ways.first { $0.0 == way }?.1 ?? way)
    }
  }
}
