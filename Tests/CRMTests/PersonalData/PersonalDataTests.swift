import Base
import Foundation
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM
@testable import Templating

/// The archive of everything held about a person.
@Suite struct PersonalDataTests {
  private let app: TestApp
  private let owner: TestClient
  private let ann: String
  private let id: RecordID

  init() throws {
    app = try TestApp()
    owner = try app.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    let response = owner.post(
      "/admin/crm/contacts",
      [
        ("name", "Ann <Archer>"), ("status", "active"), ("consent", "email"), ("note", "Met & greeted"), ("city", "Πειραιάς"),
        ("company", "Aegean Foods"), ("company_id", ""), ("role", "Buyer"), ("department", ""), ("membership_primary", "primary"),
        ("create_company", "Aegean Foods"), ("csrf_token", owner.lastToken),
      ])
    try #require(response.status == 303, "\(response.text)")
    ann = response.location
    id = try #require(RecordID(String(ann.split(separator: "/").last ?? "")))
    owner.get(ann)
    owner.post(ann + "/comments", ["body": "Likes tea"])
    owner.get(ann)
    owner.post(ann + "/files", files: [.init("Προσφορά.txt", "file content"), .init("Προσφορά.txt", "another")])
    owner.get(ann + "/interactions")
    owner.post(ann + "/interactions", ["type": "call", "subject": "Rang her", "body": "", "save": "yes"])
  }

  private func data() throws -> PersonalData {
    try #require(try app.store.read { db in try PersonalData(of: id, app.services, in: db) })
  }

  private func request() throws -> Response {
    owner.get(ann)
    return owner.post(ann + "/archive", [:])
  }

  private func link() -> String? { owner.get(ann).page.first("//section[@aria-labelledby='personal-data']//a")?["href"] }

  private func makeArchives() throws { _ = try JobWorker(services: app.services, jitter: { 1 }).performDue() }

  @Test func `it holds all that is known, as a page and for programs`() throws {
    let data = try data()
    #expect(data.sections.map(\.name).contains("contact"))
    for name in ["contact", "notes", "memberships", "comments", "interactions", "consents", "files", "activity"] {
      #expect(data.json[name]?.array?.isEmpty == false, "\(name)")
    }
    let german = Formats(
      language: try Languages(folder: TestApp.resources + "/Templates/languages").language("de"), zone: ZoneClock("UTC"), now: app.now)
    let page = String(decoding: data.html(german), as: UTF8.self)
    for text in [
      "Ann &lt;Archer&gt;", "Met &amp; greeted", "Πειραιάς", "Aegean Foods", "Likes tea", "Rang her", "Kommentare", "<html lang=\"de\">",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(data.attachments.map(\.name) == ["files/1 Προσφορά.txt", "files/2 Προσφορά.txt"])
  }

  @Test func `who asked downloads it, some days long, and both are in the history`() throws {
    #expect(try request().status == 303)
    #expect(link() == nil && owner.get(ann).text.contains("Being prepared"))
    _ = try request()
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM personal_archives") } == 1, "a second request waits for the first")
    try makeArchives()
    let link = try #require(self.link())
    let response = owner.get(link)
    #expect(response.headers["Content-Type"] == "application/zip")
    let bytes = try #require(response.fileBytes)
    #expect(bytes.starts(with: Array("PK".utf8)))
    for name in ["index.html", "data.json", "csv/contact.csv", "files/1 Προσφορά.txt", "files/2 Προσφορά.txt"] {
      #expect(Data(bytes).range(of: Data(name.utf8)) != nil, "\(name)")
    }
    let actions = try app.store.read {
      try $0.all("SELECT action FROM activity WHERE record_id = \(id) ORDER BY seq DESC LIMIT 3") { $0.text(0) }
    }
    #expect(actions == ["contact.export_downloaded", "contact.export_ready", "contact.exported"])
    let other = try app.visitor(.owner, name: "Otto")
    #expect(other.get(link).status == 404)
    let manager = try app.visitor(.manager, name: "Max")
    #expect(manager.get(link).status == 403)
    #expect(manager.get(ann).page.first("//section[@aria-labelledby='personal-data']") == nil)
    app.wait(seconds: 8 * 86_400)
    #expect(owner.get(link).status == 404)
  }

  @Test func `an archive goes when its contact is erased`() throws {
    _ = try request()
    try makeArchives()
    let files = { (try? FileManager.default.contentsOfDirectory(atPath: app.mediaFolder + "/archives")) ?? [] }
    #expect(files().count == 1)
    owner.get(ann)
    owner.post(ann + "/trash", [:])
    owner.get(ann + "/delete")
    owner.post(ann + "/delete", [("confirm", "Ann <Archer>"), ("csrf_token", owner.lastToken)])
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM personal_archives") } == 0)
    app.wait(seconds: 2 * 3600)
    try makeArchives()
    #expect(files().isEmpty)
  }

  @Test func `an archive whose time is over goes, with its file`() throws {
    _ = try request()
    try makeArchives()
    app.wait(seconds: 8 * 86_400)
    try makeArchives()
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM personal_archives") } == 0)
    #expect((try? FileManager.default.contentsOfDirectory(atPath: app.mediaFolder + "/archives"))?.isEmpty == true)
  }

  @Test func `an export that failed is said to have, and can be asked for again`() throws {
    _ = try request()
    try app.store.write { _ = try $0.run("UPDATE jobs SET status = 'failed', finished_at = run_at WHERE kind = 'personal_archive'") }
    let page = owner.get(ann).text
    #expect(page.contains("failed. Try again.") && !page.contains("Being prepared"))
    _ = try request()
    #expect(owner.get(ann).text.contains("Being prepared"))
  }

  @Test func `a download in pieces is one entry`() throws {
    _ = try request()
    try makeArchives()
    let link = try #require(self.link())
    owner.headers["Range"] = "bytes=100-200"
    _ = owner.get(link)
    owner.headers["Range"] = nil
    _ = owner.get(link)
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM activity WHERE action = 'contact.export_downloaded'") } == 1)
  }

  @Test func `an archive of somebody erased before is not made`() throws {
    _ = try request()
    owner.get(ann)
    owner.post(ann + "/trash", [:])
    owner.get(ann + "/delete")
    owner.post(ann + "/delete", [("confirm", "Ann <Archer>"), ("csrf_token", owner.lastToken)])
    try makeArchives()
    #expect(try app.store.read { try $0.text("SELECT status FROM jobs WHERE kind = 'personal_archive'") } == "failed")
    #expect((try? FileManager.default.contentsOfDirectory(atPath: app.mediaFolder + "/archives"))?.isEmpty ?? true)
  }
}
