import Admin
import Base
import Store

/// What the demo's people say to each other about their contacts.
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

  /// A few contacts are talked about; the first owner is mentioned now and then.
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
        let act = ActContext(db: db, principal: .program(author), now: at, types: crm.records.all)
        if case .done(let id, _) = try CommentActs.add(call + text, answering: parent, on: header, act) {
          parent = try parent ?? CommentStore.find(id, on: contact, in: db)
        }
        at = at.adding(seconds: 600 + random.number(86_400))
      }
    }
  }
}
