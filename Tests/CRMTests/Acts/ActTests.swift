import Base
import Blobs
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Acts on things that belong to a record: without a request, with one entry in the record's history, and with an undo.
@Suite struct ActTests {
  let office: TestApp
  let owner: TestClient
  private let contact: String

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    contact = owner.post("/admin/crm/contacts", ["name": "Ann Archer", "status": "active"]).location
    owner.get(contact)
  }

  // MARK: Acts

  /// An act on the record, and its history entry.
  enum Act: String, CaseIterable {
    case saveRecord, logInteraction, saveInteraction, deleteInteraction, addComment, editComment, deleteComment, addFile, linkFile,
      removeFile,
      setPicture
  }

  /// The things that acts need, made by acts too.
  private struct Things {
    var comment, interaction, file, picture, shared: RecordID
  }

  private var records: RecordTypes { crm.records }

  private func act<T>(_ body: (ActContext, RecordHeader) throws -> T) throws -> T {
    let user = try #require(try office.store.read { db in try db.text("SELECT id FROM users") }.flatMap { RecordID($0) })
    let actor = Actor(id: user.text, name: "Olga Owner")
    return try office.store.write { db in
      let id = try #require(RecordID(String(contact.split(separator: "/").last ?? "")))
      let header = try #require(try RecordType.contact.header(id, .all, db))
      return try body(ActContext(db: db, principal: .program(actor), now: office.now, types: crm.records.all), header)
    }
  }

  private func arrival(_ name: String, _ type: String = "text/plain") throws -> MediaLibrary.Arrival {
    let staged = office.services.media.blobs.staged(RecordID.make(at: office.now).text)
    try staged.create()
    try staged.append(Array("content of \(name)".utf8))
    let seen = try office.services.media.look(at: staged, name: name, now: office.now)
    return MediaLibrary.Arrival(
      id: seen.id, upload: nil, staged: seen.staged, name: seen.name, size: seen.size, checksum: seen.checksum, facts: FileFacts(type: type)
    )
  }

  private func id(_ outcome: Outcome) throws -> RecordID {
    guard case .done(let id, _) = outcome else { throw HTTPError.notFound }
    return id
  }

  private func details(_ body: String) -> InteractionDetails {
    var details = InteractionDetails(occurredAt: office.now, zone: "UTC")
    details.body = body
    return details
  }

  private func things() throws -> Things {
    let (paper, photo, shared) = (try arrival("paper.txt"), try arrival("photo.png", "image/png"), try arrival("shared.txt"))
    return try act { act, ann in
      let everybody = try #require(try FolderStore.makeShared("Shared", in: nil, act))
      return Things(
        comment: try id(CommentActs.add("first", on: ann, act)),
        interaction: try id(InteractionActs.log(details("first"), with: [.text("Her brother")], on: ann, records, act)),
        file: try id(FileActs.add(paper, to: .files, of: ann, act)), picture: try id(FileActs.add(photo, to: .images, of: ann, act)),
        shared: try id(FileActs.share(shared, in: everybody, act)))
    }
  }

  private func file(_ id: RecordID, in db: Database) throws -> MediaFile {
    let folder = try #require(try db.first("SELECT folder_id FROM files WHERE id = \(id)") { $0.recordID(0) })
    return try #require(try FileStore.inFolder(folder, before: nil, limit: 10, in: db).first { $0.id == id })
  }

  private func run(_ name: Act, _ things: Things) throws -> Outcome {
    let extra = try arrival("extra.txt")
    let version = try office.store.read { try $0.value("SELECT version FROM contacts") } ?? 0
    return try act { act, ann in
      let comment = try #require(try CommentStore.find(things.comment, on: ann.id, in: act.db))
      let interaction = try #require(try InteractionStore.find(things.interaction, of: ann.id, in: act.db))
      return switch name {
      case .saveRecord:
        try RecordType.contact.save(
          try RecordType.contact.values(["name": "Ann Brewer", "status": "active"]), over: ann.id, from: version, act)
      case .logInteraction: try InteractionActs.log(details("second"), with: [], on: ann, records, act)
      case .saveInteraction:
        try InteractionActs.save(
          interaction.id, as: details("changed"), with: [.text("Her sister")], keeping: [], from: 1, on: ann, records, act)
      case .deleteInteraction: try InteractionActs.delete(interaction, of: ann, act)
      case .addComment: try CommentActs.add("second", answering: comment, on: ann, act)
      case .editComment: try CommentActs.edit(comment, to: "changed", from: comment.version, on: ann, act)
      case .deleteComment: try CommentActs.delete(comment, on: ann, act)
      case .addFile: try FileActs.add(extra, to: .files, of: ann, act)
      case .linkFile: try FileActs.link(try file(things.shared, in: act.db), to: .files, of: ann, act)
      case .removeFile: try FileActs.remove(try file(things.file, in: act.db), from: .files, of: ann, act)
      case .setPicture: try FileActs.setPicture(things.picture, named: "photo.png", of: ann, act)
      }
    }
  }

  /// Everything that acts can change, except the history.
  private func state() throws -> [String] {
    try office.store.read { db in
      try [
        "SELECT id || body || (deleted_at IS NULL) FROM comments", "SELECT id || body || (deleted_at IS NULL) FROM interactions",
        "SELECT name FROM interaction_parties", "SELECT id || folder_id || (trashed_at IS NULL) FROM files",
        "SELECT folder_id || file_id FROM file_links", "SELECT name || coalesce(avatar_id, '') FROM contacts", "SELECT id FROM folders",
      ].flatMap { query in try db.all("\(raw: query) ORDER BY 1") { $0.text(0) } }
    }
  }

  private func history() throws -> [String] {
    try office.store.read { try $0.all("SELECT action || ' by ' || actor_name FROM activity ORDER BY seq") { $0.text(0) } }
  }

  // MARK: Tests

  @Test(arguments: Act.allCases) func `an act is one entry in the record's history, and its way back leads back`(name: Act) throws {
    let things = try things()
    let (before, told) = (try state(), try history())
    let outcome = try run(name, things)
    #expect(outcome.hasChanged)
    #expect(try state() != before)
    #expect(try history().count == told.count + 1)
    #expect(try history().last?.hasSuffix("by Olga Owner") == true)
    if let undo = outcome.undo {
      #expect(owner.post(undo, [:]).status == 303)
      #expect(try state() == before)
    }
    #expect((outcome.undo != nil) == [.saveRecord, .deleteInteraction, .deleteComment, .removeFile].contains(name))
  }

  @Test(arguments: Act.allCases) func `in the trash nothing added to a record or changed`(name: Act) throws {
    let things = try things()
    owner.post(contact + "/trash", [:])
    let (before, told) = (try state(), try history())
    guard case .invalid(let errors) = try run(name, things) else {
      Issue.record("\(name) was done")
      return
    }
    #expect(errors.first?.text.hasPrefix("{name} is in the trash. Restore it first") == true)
    #expect(try state() == before && history() == told)
  }

  @Test(arguments: [Act.saveRecord, .saveInteraction, .deleteInteraction, .editComment, .deleteComment, .linkFile])
  func `done a second time it writes nothing`(name: Act) throws {
    let things = try things()
    #expect(try run(name, things).hasChanged)
    let (before, told) = (try state(), try history())
    #expect(try !run(name, things).hasChanged)
    #expect(try state() == before && history() == told)
  }

  @Test func `who was there and is no longer keeps the words of that day, and nobody comes who isn't there`() throws {
    let things = try things()
    let ghost = Party.Who.record("contact", RecordID.make(at: office.now))
    func save(_ people: [Party.Who], from version: Int) throws -> Outcome {
      try act { act, ann in
        try InteractionActs.save(things.interaction, as: details("first"), with: people, keeping: [], from: version, on: ann, records, act)
      }
    }
    guard case .invalid(let errors) = try save([ghost], from: 1) else { throw HTTPError.notFound }
    #expect(errors["party_text"] != nil)
    guard case .unchanged = try save([.text("Her brother")], from: 1) else { throw HTTPError.notFound }
    guard case .conflict = try save([], from: 2) else { throw HTTPError.notFound }
    #expect(try save([], from: 1).hasChanged)
  }

  @Test func `what comes along with an act that is refused stays where it is`() throws {
    let things = try things()
    let path = "\(contact)/interactions/\(things.interaction.text)"
    let before = try state()
    let form = [("type", "note"), ("body", "mine"), ("occurred_at", "2026-01-01T10:00"), ("version", "7")]
    let answer = owner.post(path, form, files: [.init("along.txt", "x")])
    #expect(answer.status == 409)
    #expect(try state() == before)
    let upload = try #require(answer.page.first("//input[@name='upload']")?["value"])
    let again = form.filter { $0.0 != "version" } + [("version", "1")]
    #expect(owner.post(path, again, files: [], upload: upload).status == 303)
    #expect(owner.get(contact + "/interactions").page.all("//ul[@class='attached']//a").map(\.text) == ["along.txt 1 byte"])
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM uploads") } == 0)
  }
}
