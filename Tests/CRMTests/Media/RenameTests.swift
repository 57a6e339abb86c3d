@testable import Admin
import Base
@testable import CRM
import Foundation
import Imaging
import Store
import Testing
import Web
import XML

/// Files get other names and other folders; what they are stays what their content told.
@Suite struct RenameTests {
  private let office: TestApp
  private let owner: TestClient
  private let ann: String

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    ann = try Self.record("Ann", owner)
  }

  private static func record(_ name: String, _ owner: TestClient) throws -> String {
    owner.get("/admin/crm/contacts/new")
    let location = owner.post("/admin/crm/contacts", ["name": name, "status": "active"]).location
    owner.get(location)
    return location
  }

  private func add(_ name: String, _ content: [UInt8] = Array("hello".utf8), to tab: String = "files", of record: String? = nil) throws
    -> String
  {
    let record = record ?? ann
    owner.get(record)
    let response = owner.post("\(record)/\(tab)", files: [.init(name, content)])
    try #require(response.status == 303, "\(response.text)")
    return "\(record)/\(tab)/" + (try office.id("SELECT id FROM files ORDER BY seq DESC LIMIT 1"))
  }

  private func picture(_ seed: UInt64 = 1) throws -> [UInt8] {
    let path = NSTemporaryDirectory() + "picture-\(UInt64.random(in: .min ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Imaging.draw(seed: seed, width: 40, height: 30, as: .jpeg, to: path)
    return [UInt8](FileManager.default.contents(atPath: path) ?? Data())
  }

  private var names: String { (try? office.id("SELECT group_concat(name, '|') FROM (SELECT name FROM files ORDER BY seq)")) ?? "" }
  private func main(_ response: Response) -> String { response.page.first("//main")?.text ?? "" }
  private func library(_ address: String) -> String { "/admin/crm/files/" + (address.split(separator: "/").last.map(String.init) ?? "") }

  // MARK: Names

  @Test(
    arguments: [
      ("offer.pdf", "Offer for Ann", "Offer for Ann.pdf"), ("offer.pdf", "Offer 2.1", "Offer 2.1.pdf"),
      ("offer.pdf", "offer.txt", "offer.txt"),
      ("Πρόταση.docx", "Νέα πρόταση", "Νέα πρόταση.docx"), ("README", "LICENSE", "LICENSE"), ("a.tar.gz", "b", "b.gz"),
      ("a.txt", "  spaced   out  ", "spaced   out.txt"), ("a.txt", "عرض", "عرض.txt"), ("a.txt", "👩‍👩‍👧", "👩‍👩‍👧.txt"),
      ("a.txt", "<script>alert(1)</script>.txt", nil), ("a.txt", "a\u{202E}fdp.exe", "afdp.exe"),
      (".env", "settings", "settings"), ("a.txt", "..", nil), ("a.txt", "", nil), ("a.txt", "  ", nil), ("a.txt", "../../etc/passwd", nil),
      ("a.txt", "C:\\x", nil), ("a.txt", "\u{200B}", nil), ("a.txt", String(repeating: "x", count: 256), nil),
      ("a.txt", String(repeating: "x", count: 255), String(repeating: "x", count: 251) + ".txt"),
    ] as [(String, String, String?)])
  func `a file keeps its ending unless it gets another`(before: String, typed: String, after: String?) throws {
    let address = try add(before)
    #expect(owner.get(address + "/edit").page.first("//input[@name='name']")?["value"] == before)
    let response = owner.post(address, ["name": typed, "version": "1"])
    #expect(response.status == (after == nil ? 422 : 303), "\(response.text)")
    #expect(names == after ?? before)
    if after == nil { #expect(response.page.first("//input[@name='name']")?["aria-invalid"] == "true") }
  }

  @Test func `a new name is in the history, is shown at once, and is taken back`() throws {
    let address = try add("offer.txt")
    #expect(owner.post(address, ["name": "Final", "version": "1"]).location == ann + "/files")
    let page = owner.get(ann + "/files")
    #expect(main(page).contains("Final.txt") && !main(page).contains("offer.txt"))
    let events = owner.get(ann + "/events").text
    #expect(events.contains("Renamed a file") && events.contains("offer.txt") && events.contains("Final.txt"))
    #expect(main(owner.get("/admin/crm/files?q=final")).contains("Final.txt"), "search knows")
    let undo = try #require(page.page.first("//form[contains(@action, '/undo?version=')]")?["action"])
    owner.post(undo, [:])
    #expect(names == "offer.txt")
    owner.post(undo, [:])
    #expect(main(owner.get(ann + "/files")).contains("This has been renamed since."))
    #expect(names == "offer.txt")
  }

  @Test func `a name without an ending comes back without one`() throws {
    let address = try add("letter")
    owner.post(address, ["name": "letter.pdf", "version": "1"])
    owner.post(address + "/undo?version=2", [:])
    #expect(names == "letter")
  }

  @Test func `a program stays a program, whatever it is called`() throws {
    let program: [UInt8] = [0x4D, 0x5A, 0x90, 0] + [UInt8](repeating: 0, count: 200)
    let address = try add("setup.exe", program)
    let type = try office.id("SELECT type FROM files")
    let icon = owner.get(ann + "/files").page.first("//span[@class='file-icon']//use")?["href"]
    #expect(owner.post(address, ["name": "invoice.pdf", "version": "1"]).status == 303)
    #expect(try office.id("SELECT type FROM files") == type)
    #expect(owner.get(ann + "/files").page.first("//span[@class='file-icon']//use")?["href"] == icon)
    let sent = owner.get(library(address))
    #expect(sent.headers["Content-Type"] == "application/octet-stream")
    #expect(sent.headers["Content-Disposition"]?.hasPrefix("attachment") == true)
    let page = try add("page.html", Array("<!DOCTYPE html><script>alert(1)</script>".utf8))
    owner.post(page, ["name": "photo.jpg", "version": "1"])
    #expect(owner.post(page + "/move", ["to": "images"]).status == 422, "no picture, whatever it is called")
    #expect(owner.get(library(page)).headers["Content-Type"] == "application/octet-stream")
  }

  @Test func `a name that is taken where the file is shown is refused`() throws {
    _ = try add("Résumé.txt")
    let address = try add("b.txt", Array("b".utf8))
    for name in ["Résumé.txt", "RÉSUMÉ.TXT", "Résumé"] {
      let response = owner.post(address, ["name": name, "version": "1"])
      #expect(response.status == 422, "\(name)")
      #expect(main(response).contains("There is already a file named"))
    }
    #expect(owner.post(address, ["name": "Resume.txt", "version": "1"]).status == 303, "an accent makes another name")
    #expect(owner.post(address, ["name": "RESUME.txt", "version": "2"]).status == 303, "its own name in other letters")
  }

  @Test func `of two who rename a file at once, one is told`() throws {
    let address = try add("a.txt")
    owner.post(address, ["name": "first", "version": "1"])
    let conflict = owner.post(address, ["name": "second", "version": "1"])
    #expect(conflict.status == 409)
    #expect(main(conflict).contains("Someone renamed this to “first.txt”."))
    #expect(conflict.page.first("//input[@name='name']")?["value"] == "second")
    let version = try #require(conflict.page.first("//input[@name='version']")?["value"])
    #expect(owner.post(address, ["name": "second", "version": version]).status == 303)
    nonisolated(unsafe) let windows = (0..<12).map { _ in owner.copy() }
    let start = try office.id("SELECT version FROM files")
    DispatchQueue.concurrentPerform(iterations: 12) { n in
      #expect([303, 409].contains(windows[n].post(address, ["name": "name \(n)", "version": start]).status))
    }
    #expect(try office.id("SELECT version FROM files") == String((Int(start) ?? 0) + 1))
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder).isEmpty)
  }

  // MARK: Moving

  @Test func `a picture moves between files and images, and back`() throws {
    let address = try add("p.jpg", picture())
    let response = owner.post(address + "/move", ["to": "images"])
    #expect(response.location == ann + "/files")
    #expect(main(owner.get(ann + "/files")).contains("“p.jpg” moved to Images."))
    #expect(owner.get(ann + "/images").page.all("//li[@class='file-tile']").count == 1)
    let images = address.replacing("/files/", with: "/images/")
    #expect(owner.post(address + "/move", ["to": "images"]).status == 409, "it is there by now")
    #expect(owner.get(ann + "/events").text.contains("Moved a file"))
    owner.get(ann)
    owner.post(images + "/avatar", [:])
    owner.post(images + "/move", ["to": "files"])
    #expect(owner.get(ann).page.first("//img[contains(@class, 'avatar')]") == nil)
    owner.post(images + "/move?to=files", [:])
    owner.post(address + "/move?to=images&picture=yes", [:])
    #expect(owner.get(ann).page.first("//img[contains(@class, 'avatar')]") != nil, "the way back")
    for wrong in ["", "images/x", "shared", "files"] { #expect(owner.post(address + "/move", ["to": wrong]).status == 400) }
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder).isEmpty)
  }

  @Test func `a file isn't moved over another of its name`() throws {
    let address = try add("p.jpg", picture(1))
    _ = try add("p.jpg", picture(2), to: "images")
    let response = owner.post(address + "/move", ["to": "images"])
    #expect(response.status == 422)
    #expect(main(response).contains("There is already a file named “p.jpg” in this folder."))
  }

  @Test func `a link moves, and its file stays at home`() throws {
    let address = try add("p.jpg", picture())
    let bob = try Self.record("Bob", owner)
    let id = library(address).split(separator: "/").last.map(String.init) ?? ""
    owner.post("\(bob)/files/\(id)/link", [:])
    #expect(owner.post("\(bob)/files/\(id)/move", ["to": "images"]).status == 303)
    #expect(owner.get(bob + "/images").text.contains("p.jpg"))
    #expect(owner.get(ann + "/files").text.contains("p.jpg"))
    owner.post("\(bob)/images/\(id)", ["name": "q", "version": "1"])
    #expect(owner.get(ann + "/files").text.contains("q.jpg"))
    for record in [ann, bob] { #expect(owner.get(record + "/events").text.contains("Renamed a file")) }
  }

  // MARK: Rights

  @Test func `nothing is renamed or moved on a record in the trash`() throws {
    let address = try add("p.jpg", picture())
    owner.post(ann + "/trash", [:])
    owner.get(ann)
    #expect(owner.get(ann + "/files").page.first("//a[contains(@href, '/edit')]") == nil)
    let response = owner.post(address, ["name": "Typed", "version": "1"])
    #expect(response.status == 422 && response.text.contains("Restore it first") && response.text.contains("Typed"))
    #expect(owner.post(address + "/move", ["to": "images"]).status == 422)
    #expect(owner.post(library(address), ["name": "Typed", "version": "1"]).status == 422, "nor in the library")
    #expect(names == "p.jpg")
  }

  @Test func `who may not write renames and moves nothing`() throws {
    let address = try add("p.jpg", picture())
    for role in [Role.factory, .member] {
      let visitor = try office.visitor(role)
      visitor.get("/account")
      for path in [address, address + "/move?to=images", library(address)] {
        #expect([403, 404].contains(visitor.post(path, ["name": "x", "version": "1"]).status), "\(role) \(path)")
      }
    }
    let manager = try office.visitor(.manager)
    manager.get(ann)
    #expect(manager.post(address, ["name": "by Mary", "version": "1"]).status == 303)
    let bob = try Self.record("Bob", owner)
    let elsewhere = address.replacing(ann, with: bob)
    #expect(owner.post(elsewhere, ["name": "x", "version": "2"]).status == 404, "not filed there")
    #expect(names == "by Mary.jpg")
  }

  // MARK: The library

  @Test func `shared folders are renamed, and files move between them`() throws {
    owner.get("/admin/crm/files")
    func folder(_ name: String) throws -> String {
      owner.get("/admin/crm/files")
      owner.post("/admin/crm/folders", ["name": name])
      return try office.id("SELECT id FROM folders WHERE name = \(name)")
    }
    let (prices, plans) = (try folder("Prices"), try folder("Plans"))
    owner.get("/admin/crm/files")
    owner.post("/admin/crm/files", [("folder", prices)], files: [.init("2026.csv", "a,b\n")])
    let file = "/admin/crm/files/" + (try office.id("SELECT id FROM files"))
    let address = "/admin/crm/folders/" + prices
    #expect(owner.get("/admin/crm/files").text.contains(address + "/edit"))
    #expect(owner.get(address + "/edit").page.first("//input[@name='name']")?["value"] == "Prices")
    for wrong in ["", "Plans", String(repeating: "x", count: 101), "\u{3164}"] {
      #expect(owner.post(address, ["name": wrong, "version": "1"]).status == 422, "\(wrong)")
    }
    #expect(owner.post(address, ["name": "Τιμοκατάλογοι", "version": "1"]).status == 303)
    #expect(main(owner.get("/admin/crm/files")).contains("Τιμοκατάλογοι"))
    #expect(owner.post(address, ["name": "Other", "version": "1"]).status == 409)
    owner.post(address + "/undo?version=2", [:])
    #expect(main(owner.get("/admin/crm/files")).contains("Prices"))
    let edit = owner.get(file + "/edit")
    #expect(edit.page.all("//select[@name='folder']/option").map(\.text) == ["Plans", "Prices"])
    #expect(owner.post(file + "/move", ["from": prices, "folder": plans]).location.hasSuffix(plans))
    #expect(owner.post(file + "/move", ["from": prices, "folder": plans]).status == 409)
    #expect(owner.post(file + "/move", ["from": plans, "folder": "x"]).status == 400)
    #expect(main(owner.get("/admin/crm/files?folder=" + plans)).contains("2026.csv"))
    owner.post("\(file)/move?from=\(plans)&folder=\(prices)", [:])
    #expect(main(owner.get("/admin/crm/files?folder=" + prices)).contains("2026.csv"))
    #expect(owner.post(file, ["name": "2027", "version": "1"]).status == 303)
    owner.post(file + "/undo?version=2", [:])
    #expect(names == "2026.csv")
    owner.post(file + "/trash", [:])
    #expect(owner.get(file + "/edit").status == 404)
  }
}
