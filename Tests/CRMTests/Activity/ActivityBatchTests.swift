import Base
@testable import Admin
@testable import CRM
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

/// Imports in the activity log: one line each, with a page of their own entries and an undo.
@Suite struct ActivityBatchTests {
  private static let path = "/admin/crm/activity"
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  @discardableResult
  private func bring(_ names: [String], as file: String = "contacts.csv") throws -> Int {
    let folder = NSTemporaryDirectory() + "batch-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = names.map { "\($0),\($0)\n" }.joined()
    try Data(("id,name\n" + rows).utf8).write(to: URL(fileURLWithPath: folder + "/" + file))
    let now = office.now
    let importer = Importer(office.composition, store: office.store, clock: Clock { now })
    let outcome = try importer.run(
      "contacts", path: folder + "/" + file, options: Importer.Options(), skipped: { _ in }, progress: { _ in })
    return try #require(outcome.batch)
  }

  @discardableResult
  private func make(_ name: String) throws -> String {
    owner.get("/admin/crm/contacts/new")
    return owner.post("/admin/crm/contacts", ["name": name, "status": "active"]).location
  }

  /// The lines of a page: the records' names, or the name of an import and the number of its records.
  private func lines(_ address: String = path, by visitor: TestClient? = nil) -> [String] {
    (visitor ?? owner).get(address).page.all("//li[@class='timeline-entry']").map { line in
      let source = line.first(".//strong")?.text ?? ""
      let name = line.first(".//p/a | .//p/span")?.text ?? ""
      return source == "Created" ? name : source + ": " + name
    }
  }

  @Test func `an import is one line, however much it brought and whatever comes before and after`() throws {
    try make("Before")
    let batch = try bring((1...120).map { "n\($0)" })
    office.wait(seconds: 60)
    try make("After")
    let small = try bring(["x"], as: "<b>.csv")
    #expect(lines() == ["Imported from <b>.csv: 1 record", "After", "Imported from contacts.csv: 120 records", "Before"])
    #expect(lines(Self.path + "?type=contact") == lines())
    #expect(
      owner.get(Self.path).page.all("//li[@class='timeline-entry']//a").map { $0["href"] ?? "" }.contains(Self.path + "?batch=\(small)"))
    #expect(owner.get(Self.path).page.first("//nav[@class='timeline-more']") == nil)
    // Its own page has all of its entries, and no others; the address stays the same.
    var seen: [String] = []
    var next: String? = Self.path + "?batch=\(batch)"
    while let page = next {
      seen += lines(page)
      next = owner.get(page).page.all("//nav[@class='timeline-more']/a").first { $0["rel"] == "next" }?["href"]
    }
    #expect(seen == (1...120).reversed().map { "n\($0)" })
    let page = owner.get(Self.path + "?batch=\(batch)").page
    #expect(page.first("//section[@class='batch']/h2")?.text == "Imported from contacts.csv")
    #expect(page.first("//section[@class='batch']/p")?.text.contains("120 records · Roost") == true)
    #expect(page.first("//form[@class='filters']/input[@name='batch']")?["value"] == "\(batch)")
    // Searching for a name finds it too.
    #expect(lines(Self.path + "?q=n77") == ["n77"])
    #expect(lines(Self.path + "?q=n77&batch=\(small)").isEmpty)
    let csv = owner.get(Self.path + "/export.csv?batch=\(small)").text.split(whereSeparator: \.isNewline)
    #expect(csv.count == 2 && csv[1].hasSuffix("x,"))
  }

  @Test func `pages of imports and entries leave nothing out`() throws {
    var expected: [String] = []
    for n in 0..<70 {
      office.wait(seconds: 1)
      if n % 3 == 0 {
        try bring(["a\(n)", "b\(n)"], as: "f\(n).csv")
        expected.append("Imported from f\(n).csv: 2 records")
      } else {
        try make("c\(n)")
        expected.append("c\(n)")
      }
    }
    var seen: [String] = []
    var next: String? = Self.path
    while let page = next {
      #expect(lines(page).count <= 50)
      seen += lines(page)
      next = owner.get(page).page.all("//nav[@class='timeline-more']/a").first { $0["rel"] == "next" }?["href"]
    }
    #expect(seen == expected.reversed())
  }

  @Test(arguments: ["0", "99", "-1", "x", "1e3", "99999999999999999999"])
  func `there is no page of an import that never was`(batch: String) throws {
    #expect(owner.get(Self.path + "?batch=" + batch).status == 404)
    #expect(owner.get(Self.path + "/export.csv?batch=" + batch).status == 404)
    owner.get(Self.path)
    #expect(owner.post(Self.path + "/undo", ["batch": batch]).location == Self.path)
    #expect(owner.get(Self.path).text.contains("No import has this number."))
  }

  @Test func `an import that is too large for a page is not undone by a request either`() throws {
    let batch = try bring(["x"])
    try office.store.write { db in _ = try db.run("UPDATE batches SET last_entry = first_entry + 5000 WHERE id = \(batch)") }
    owner.get(Self.path)
    #expect(owner.post(Self.path + "/undo", ["batch": "\(batch)"]).status == 303)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == 1)
    #expect(owner.get(Self.path + "?batch=\(batch)").text.contains("roost import --undo \(batch)"))
  }

  @Test func `an import is undone from its page, once, by who may delete for good`() throws {
    let batch = try bring(["Ann", "Ben", "Cid"])
    let (page, undo) = (Self.path + "?batch=\(batch)", Self.path + "/undo")
    let cid = try office.id("SELECT id FROM contacts WHERE name = 'Cid'")
    owner.get("/admin/crm/contacts/\(cid)/edit")
    owner.post("/admin/crm/contacts/\(cid)", ["name": "Cid", "city": "Volos", "status": "active", "version": "1"])
    let manager = try office.visitor(.manager)
    #expect(manager.get(page).page.first("//form[@action='\(undo)']") == nil)
    #expect(manager.post(undo, ["batch": "\(batch)"]).location == page)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == 3)
    let form = try #require(owner.get(page).page.first("//details/form[@action='\(undo)']"))
    #expect(form.first("input[@name='batch']")?["value"] == "\(batch)")
    office.wait(seconds: 60)
    #expect(owner.post(undo, ["batch": "\(batch)"]).location == page)
    let after = owner.get(page)
    #expect(after.text.contains("Deleted: 2. Moved to trash: 0. Restored: 0. Changed since and kept: 1."))
    #expect(try office.id("SELECT group_concat(name) FROM contacts") == "Cid")
    let other = try #require(after.page.first("//section[@class='batch']//a")?["href"])
    #expect(owner.get(other).page.first("//section[@class='batch']/h2")?.text == "Import of contacts.csv undone")
    #expect(owner.get(other).page.first("//section[@class='batch']//a")?["href"] == page)
    #expect(owner.post(undo, ["batch": String(other.split(separator: "=").last ?? "")]).status == 303, "an undoing is no import")
    #expect(owner.get(other).text.contains("This import can’t be undone."))
    assertSnapshot(of: owner.get(Self.path), named: "activity/imports")
    assertSnapshot(of: owner.get(page), named: "activity/import")
  }
}
