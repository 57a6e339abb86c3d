import Admin
import Base
import Blobs
import Glibc
import Imaging
import Store

/// Pictures and papers of the demo's people: drawn and written when the office is made.
enum DemoFiles {
  private static let papers: [(name: String, text: String)] = [
    (
      "Offer 2026-114.md",
      "# Offer 2026-114\n\n| what | pieces | price |\n|---|---|---|\n| tower clock | 1 | 4,200 |\n| fitting | 1 | 600 |\n"
    ),
    ("Price list.csv", "article,price\nclock small,180\nclock large,420\nstriker,95\n"),
    ("Σημειώσεις επίσκεψης.txt", "Μετρήσαμε τον πύργο.\nΧρειάζεται δεύτερος άνθρωπος για τη σκάλα.\n"),
    ("Delivery note.txt", "2 clocks, 1 striker\nleft at the porter’s\n"),
  ]

  /// Of the first hundred each sixth has a picture, each fourth a paper.
  static func write(
    for contacts: [RecordID], by actor: Actor, into media: MediaLibrary, now: Timestamp, _ random: inout SplitMix
  ) throws {
    let before = now.adding(seconds: -30 * 86_400)
    for (index, contact) in contacts.prefix(100).enumerated() {
      if index % 6 == 1 {
        let staged = media.blobs.staged("demo-\(index)")
        try Imaging.draw(seed: random.state &+ UInt64(index), width: 900, height: 700, as: .jpeg, to: staged.path)
        try take(staged, "view-\(index).jpg", .images, of: contact, by: actor, into: media, now: before) { file, record, act in
          if index % 12 == 1 { _ = try FileActs.setPicture(file.id, named: file.name, of: record, act) }
        }
      }
      if index % 4 == 2 {
        let paper = papers[random.number(papers.count)]
        let staged = media.blobs.staged("demo-\(index)")
        try staged.create()
        try staged.append(Array(paper.text.utf8))
        try take(staged, paper.name, .files, of: contact, by: actor, into: media, now: before)
      }
    }
  }

  private static func take(
    _ staged: StagedFile, _ name: String, _ purpose: FolderStore.Purpose, of contact: RecordID, by actor: Actor, into media: MediaLibrary,
    now: Timestamp, _ then: (MediaLibrary.Arrival, RecordHeader, ActContext) throws -> Void = { _, _, _ in }
  ) throws {
    let arrival = try media.look(at: staged, name: name, now: now)
    try media.take([arrival]) { db in
      guard let header = try RecordType.contact.header(contact, .all, db) else { return }
      let act = ActContext(db: db, principal: .program(actor), now: now, types: crm.records.all)
      _ = try FileActs.add(arrival, to: purpose, of: header, act)
      try then(arrival, header, act)
    }
  }
}
