import Admin
import Base
import Store

/// What has happened with the demo's people: calls, messages and meetings over the last year.
enum DemoInteractions {
  private static let stories: [(type: String, direction: String, subject: String, body: String, minutes: Int?)] = [
    (
      "call", "outbound", "Asked about delivery dates", "Wants the first half before the end of the month; the rest can wait until spring.",
      12
    ),
    ("call", "inbound", "Called back", "No hurry. Prefers to be called in the morning.", 4),
    ("email", "inbound", "Request for an offer", "Two clocks, one of them for outdoors.\nPlease include transport and fitting.", nil),
    ("email", "outbound", "Offer sent", "Valid for thirty days.", nil),
    ("meeting", "internal", "On-site visit", "Measured the tower and took pictures. The ladder needs a second pair of hands.", 90),
    ("whatsapp", "inbound", "Picture of the old fitting", "", nil),
    ("note", "internal", "Pays by the end of the month, always", "", nil),
    ("in_person", "inbound", "Talked at the fair", "Took the catalogue along and asked for the Greek one too.", 15),
    ("email", "inbound", "Ζήτησε προσφορά", "Για το δεύτερο ρολόι, με τοποθέτηση.", nil),
    ("call", "inbound", "Επιβεβαίωσε την παραλαβή", "Όλα σε τάξη, ευχαριστεί.", 3),
  ]

  /// Up to five for one contact; at some of them somebody else was there, of those who came before.
  static func write(
    for contact: RecordID, among others: [RecordID], from first: Timestamp, until now: Timestamp, by actor: Actor, _ random: inout SplitMix,
    in db: Database
  ) throws {
    guard let header = try RecordType.contact.header(contact, .all, db) else { return }
    let span = max(1, Int(now.milliseconds - first.milliseconds) / 1000)
    for _ in 0..<random.number(6) {
      let story = stories[random.number(stories.count)]
      let at = atWork(first.adding(seconds: random.number(span)), before: now)
      var details = InteractionDetails(occurredAt: at, zone: "Europe/Athens")
      (details.type, details.direction, details.subject, details.body) = (story.type, story.direction, story.subject, story.body)
      details.minutes = story.minutes
      let act = ActContext(db: db, principal: .program(actor), now: at, types: crm.records.all)
      _ = try InteractionActs.log(details, with: people(at: details, among: others), on: header, crm.records, act)
    }
  }

  /// Drawn from what happened, so that it takes no numbers from those that come after.
  private static func people(at details: InteractionDetails, among others: [RecordID]) -> [Party.Who] {
    var random = SplitMix(state: UInt64(bitPattern: details.occurredAt.milliseconds))
    guard ["meeting", "in_person", "call"].contains(details.type), !others.isEmpty, random.number(4) == 0 else { return [] }
    let other = Party.Who.record(RecordType.contact.name, others[random.number(others.count)])
    return random.number(3) == 0 ? [other, .text("their accountant")] : [other]
  }

  /// That day, while an office in Athens is open.
  private static func atWork(_ moment: Timestamp, before now: Timestamp) -> Timestamp {
    let hour = moment.civil.hour
    let shifted = moment.adding(seconds: (6 + hour % 10 - hour) * 3_600)
    return shifted < now ? shifted : shifted.adding(seconds: -86_400)
  }
}
