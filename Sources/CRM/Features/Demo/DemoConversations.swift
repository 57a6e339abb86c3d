import Base
import Store

/// What the demo's people say to each other about their contacts, and who else was there when something happened.
enum DemoConversations {
  private static let talks: [[String]] = [
    [
      "Has anybody got a **new number** for them? The old one rings out.", "It is in the signature of their last mail.",
      "Thanks, put it in.",
    ],
    ["They asked again whether we deliver on Saturdays.\n\n- the tower clock: yes\n- the rest: no", "I have told them."],
    ["Please don’t call before ten."], ["Θέλουν τον κατάλογο στα ελληνικά.", "Τον έστειλα σήμερα."],
    ["Who goes to the fair this year?", "I do. Will say hello.", "Take the small clock along!"],
  ]

  /// A few contacts are talked about; the first who looks after the office is called now and then.
  static func write(on contacts: [RecordID], by actor: Actor, until now: Timestamp, _ random: inout SplitMix, in db: Database) throws {
    let others = [actor, Actor(id: nil, name: "Δήμητρα Γεωργίου"), Actor(id: nil, name: "Tom Baker")]
    for contact in contacts where random.number(9) == 0 {
      guard let header = try RecordType.contact.header(contact, .all, db) else { continue }
      var parent: Comment?
      var at = now.adding(seconds: -random.number(60 * 86_400) - 86_400)
      let first = random.number(others.count)
      for (turn, text) in talks[random.number(talks.count)].enumerated() {
        let author = others[(first + turn) % others.count]
        let call = turn == 0 && first > 0 && actor.id != nil && random.number(3) == 0 ? "@\"\(actor.name)\" " : ""
        let (body, mentioned) = try Mentions.keep(call + text, in: db)
        let comment = try CommentStore.insert(body, on: contact, answering: parent, by: author, now: at, in: db)
        try Notifications.send(
          about: comment, on: .contact, header, mentioned: mentioned, answering: parent, by: author, now: at, in: db)
        let change = Change(field: "comment", before: "", after: call + text)
        try Activity.record("comment.added", .contact, header, changes: [change], by: author, now: at, in: db)
        parent = parent ?? comment
        at = at.adding(seconds: 600 + random.number(86_400))
      }
    }
  }

  /// Somebody else was there at some of what happened.
  static func addParties(_ random: inout SplitMix, now: Timestamp, in db: Database) throws {
    let people = try db.all("SELECT id, name, job_title FROM contacts ORDER BY seq LIMIT 500") {
      Party(who: .record(RecordType.contact.name, $0.recordID(0)), name: $0.text(1), details: $0.text(2), capturedAt: now.text)
    }
    let happened = try db.all(
      "SELECT seq, record_id FROM interactions WHERE type IN ('meeting', 'in_person', 'call') ORDER BY seq LIMIT 2000"
    ) {
      (seq: $0.int(0), record: $0.recordID(1))
    }
    for interaction in happened where random.number(4) == 0 {
      let other = people[random.number(people.count)]
      var parties = other.who == .record(RecordType.contact.name, interaction.record) ? [] : [other]
      if random.number(3) == 0 {
        parties.append(Party(who: .text("their accountant"), name: "their accountant", details: "", capturedAt: now.text))
      }
      try PartyStore.replace(of: interaction.seq, with: parties, in: db)
    }
  }
}
