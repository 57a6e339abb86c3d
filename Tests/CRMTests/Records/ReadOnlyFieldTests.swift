import Base
@testable import Admin
@testable import CRM
import Foundation
import Store
import Templating
import TestKit
import Testing
import Web
import XML

/// Fields that only acts set, values that follow from others, and rows that say nothing: what the engine does for documents, tested with the specimen.
@Suite struct ReadOnlyFieldTests {
  let office: TestApp
  let owner: TestClient
  let program: TestProgram
  private static let path = "/admin/crm/specimens"

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
    program = try TestProgram(office)
  }

  private func post(_ fields: [(String, String)], to path: String = path) -> Response {
    owner.get(path == Self.path ? path + "/new" : path + "/edit")
    return owner.post(path, fields + [("csrf_token", owner.lastToken)])
  }

  private func make(_ fields: [(String, String)] = [("name", "One")]) throws -> String {
    let response = post(fields)
    try #require(response.status == 303, "\(response.page.all("//*[@class='problems']").map(\.text))")
    return response.location
  }

  private func id(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

  /// What an act of the product does.
  @discardableResult
  private func stamp(_ path: String, _ text: String) throws -> Outcome {
    let id = try #require(RecordID(id(path)))
    return try office.store.write { db in
      let act = ActContext(
        db: db, principal: .program(Actor(id: nil, name: "Test")), now: office.now, types: office.composition.records.all)
      guard let record = try RecordStore.find(id, of: .specimen, .all, in: db) else { throw HTTPError.notFound }
      return try RecordType.specimen.set(["stamp": .text(text)], of: record, as: "stamped", act)
    }
  }

  private func stored(_ path: String, _ column: String = "stamp") throws -> String {
    try office.store.read { db in try db.text("SELECT \(raw: column) FROM specimens WHERE id = \(id(path))") } ?? ""
  }

  @Test func `it is in no form, and a form that brings it is refused`() throws {
    let record = try make()
    try stamp(record, "First")
    for page in [Self.path + "/new", record + "/edit"] { #expect(owner.get(page).page.first("//*[@name='stamp']") == nil, "\(page)") }
    #expect(owner.get(record + "/fields/stamp").status == 404)
    #expect(owner.get(record + "/fields/line").status == 200)
    #expect(owner.get(record).page.first("//a[@href='\(record)/fields/stamp']") == nil)
    #expect(owner.get(record).text.contains("First"))
    #expect(post([("name", "One"), ("stamp", "Forged"), ("version", "2")], to: record).status == 422)
    #expect(post([("name", "New"), ("stamp", "Forged")]).status == 422)
    owner.get(record)
    #expect(owner.post(record + "/fields/stamp", [("stamp", "Forged"), ("csrf_token", owner.lastToken)]).status == 404)
    #expect(try stored(record) == "First")
  }

  @Test func `a list shows, sorts, finds and exports it, and edits it nowhere`() throws {
    let record = try make()
    try stamp(record, "First")
    let page = owner.get(Self.path + "?columns=name,stamp").page
    #expect(page.first("//*[@data-edit][contains(@href, '/fields/stamp')]") == nil)
    #expect(owner.get(Self.path + "/export.csv?columns=all").text.contains("First"))
    #expect(owner.get(Self.path + "?filter=stamp+is+First").page.all("//a[@class='row-link']").map(\.text) == ["One"])
  }

  @Test func `programs read it and can't set it`() throws {
    let record = try make()
    try stamp(record, "First")
    let address = "/specimens/" + id(record)
    #expect(program.get(address).json["stamp"]?.string == "First")
    for (method, path) in [(Request.Method.post, "/specimens"), (.patch, address)] {
      let answer = program.send(method, path, .object(["name": "Two", "stamp": "Forged"]))
      #expect(answer.status == 422 && answer.errors["stamp"] != nil, "\(answer.text)")
    }
    #expect(program.send(.patch, address, .object(["name": "Two"])).json["stamp"]?.string == "First")
  }

  @Test func `a form that was opened before it was set keeps it, and no conflict follows`() throws {
    let record = try make([("name", "One"), ("line", "Before")])
    try stamp(record, "First")
    #expect(post([("name", "One"), ("line", "After"), ("version", "1")], to: record).status == 303)
    #expect(try [stored(record), stored(record, "line")] == ["First", "After"])
  }

  @Test func `taking a change back leaves it as it is`() throws {
    let record = try make([("name", "One"), ("line", "Before")])
    try stamp(record, "First")
    #expect(try !stamp(record, "First").hasChanged)
    #expect(post([("name", "One"), ("line", "After"), ("version", "2")], to: record).status == 303)
    let change = try office.id("SELECT seq FROM activity WHERE action = 'specimen.updated' ORDER BY seq DESC LIMIT 1")
    try stamp(record, "Second")
    owner.get(record)
    #expect(owner.post("\(record)/events/\(change)/revert", [("csrf_token", owner.lastToken)]).status == 303)
    #expect(try [stored(record), stored(record, "line")] == ["Second", "Before"])
    // What an act has set isn't undone as an edit is.
    let set = try office.id("SELECT seq FROM activity WHERE action = 'specimen.stamped' ORDER BY seq DESC LIMIT 1")
    owner.get(record)
    owner.post("\(record)/events/\(set)/revert", [("csrf_token", owner.lastToken)])
    #expect(try stored(record) == "Second")
  }

  @Test func `a file gives it to new records and leaves it with those that are there`() throws {
    let record = try make()
    try stamp(record, "First")
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("stamps-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data("id,name,stamp,line\n\(id(record)),One,Other,Changed\n,Two,Brought along,\n".utf8).write(to: path)
    let (now, languages) = (office.now, try Languages(folder: TestApp.resources + "/Templates/languages").available)
    var options = Importer.Options()
    options.overwrites = true
    let outcome = try Importer(office.composition, store: office.store, clock: Clock { now }, languages: languages).run(
      "specimens", path: path.path, options: options, skipped: { Issue.record("\($0.line): \($0.reason)") }, progress: { _ in })
    #expect(outcome.created == 1 && outcome.changed == 1)
    #expect(try [stored(record), stored(record, "line")] == ["First", "Changed"])
    #expect(try office.id("SELECT stamp FROM specimens WHERE name = 'Two'") == "Brought along")
  }

  // MARK: Rows

  private func reading(_ what: String, _ amount: String) -> [(String, String)] {
    [("reading_what", what), ("reading_amount", amount), ("reading_on", ""), ("reading_state", "ok")]
  }

  private func rows(_ response: Response) -> [String] {
    response.page.all("//div[@id='rows-reading']/fieldset").map { row in
      ["what", "amount"].map { row.first(".//input[@name='reading_\($0)']")?["value"] ?? "" }.joined(separator: " ")
    }
  }

  @Test func `a row that says nothing goes, and an error is at the row that has it`() throws {
    let blank = [("reading_what", ""), ("reading_amount", ""), ("reading_on", ""), ("reading_state", "")]
    let wrong = post([("name", "X")] + reading("", "") + blank + reading("Good", "1") + reading("Bad", "abc"))
    #expect(wrong.status == 422)
    #expect(rows(wrong) == ["Good 1", "Bad abc"])
    let marked = wrong.page.all("//div[@id='rows-reading']/fieldset").map { $0.first(".//*[@class='field-error']") != nil }
    #expect(marked == [false, true])
    #expect(wrong.page.first("//*[@id='f-reading-1-error']") != nil && wrong.page.first("//*[@id='f-reading-0-error']") == nil)
    let saved = try make([("name", "X")] + reading("Good", "1") + reading("", "") + reading("Better", "2"))
    #expect(try stored(saved, "readings").contains("Good") && stored(saved, "readings").contains("Better"))
    #expect(rows(owner.get(saved + "/edit")) == ["Good 1.0", "Better 2.0"])
  }

  @Test(arguments: [
    ("reading-1-up", ["B 2", "A 1", "C 3"]), ("reading-1-down", ["A 1", "C 3", "B 2"]), ("reading-0-up", ["A 1", "B 2", "C 3"]),
    ("reading-2-down", ["A 1", "B 2", "C 3"]), ("reading-9-up", ["A 1", "B 2", "C 3"]), ("reading-x-down", ["A 1", "B 2", "C 3"]),
    ("other-1-up", ["A 1", "B 2", "C 3"]),
  ])
  func `without scripts a row moves by a button, and nothing is saved`(button: String, expected: [String]) throws {
    let fields = [("name", "X"), ("line", "Kept")] + reading("A", "1") + reading("B", "2") + reading("C", "3")
    let answer = post(fields + [("move_row", button)])
    #expect(answer.status == 200, "\(answer.status)")
    #expect(rows(answer) == expected && answer.page.first("//input[@name='line']")?["value"] == "Kept")
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM specimens") } == 0)
  }
}
