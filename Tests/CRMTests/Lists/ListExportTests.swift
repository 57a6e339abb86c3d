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

/// A list as a file: exact for programs, readable for people.
@Suite struct ListExportTests {
  private static let path = "/admin/crm/specimens"
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
  }

  private func speak(_ language: String, in zone: String) throws {
    try office.store.write { db in _ = try db.run("UPDATE users SET language = \(language), time_zone = \(zone)") }
  }

  private func make(_ fields: [(String, String)]) throws {
    owner.get(Self.path + "/new")
    let answer = owner.post(Self.path, fields + [("status", "active"), ("csrf_token", owner.lastToken)])
    try #require(answer.status == 303, "\(answer.text)")
  }

  private func fill() throws {
    try speak("en", in: "UTC")
    try make([
      ("name", "Ann; \"the\" first, of two"), ("choice", "high"), ("choices", "c"), ("choices", "a"), ("flag", "yes"), ("since", "yes"),
      ("date", "2026-11-20"), ("time", "09:05"), ("moment", "2026-11-20T23:30"), ("duration", "1:30"), ("count", "-1000"),
      ("weight", "1234.5"), ("price", "1234567.5"), ("price_currency", "USD"), ("share", "12.5"), ("country", "GR"), ("language", "el"),
      ("phone", "+30 210 1234567"), ("line", "＝1+1"), ("body", "two\nlines"),
    ])
    let ids = RecordType.specimen.list.columns.map(\.id)
    owner.get(Self.path + "/columns")
    let columns = ids.map { ("columns", $0) } + [("csrf_token", owner.lastToken), ("view", "table"), ("apply", "yes")]
    try #require(owner.post(Self.path + "/columns", columns).status == 303)
  }

  private func bytes(_ query: String) -> [UInt8] { owner.get("\(Self.path)/export.csv\(query)").bodyBytes ?? [] }

  /// The cells of the first row by their headings.
  private func row(_ query: String) throws -> [String: String] {
    var table = try CSVTable(bytes: bytes(query))
    let row = try #require(try table.next())
    return Dictionary(zip(table.heading, row.fields)) { first, _ in first }
  }

  @Test(arguments: ["?format=spreadsheet", "?format=spreadsheet&columns=all"])
  func `a spreadsheet's file says all as its reader does`(query: String) throws {
    try fill()
    try speak("en", in: "Europe/Athens")
    #expect(bytes(query).starts(with: CSVWriter.byteOrderMark))
    let english = try row(query)
    #expect(english["id"] == nil && english["Created"] == "2026-11-18 13:06" && english["Updated"] == english["Created"], "\(english)")
    for (heading, value) in [
      ("Name", "Ann; \"the\" first, of two"), ("Status", "Active"), ("choice", "High"), ("choices", "A, C"), ("flag", "Yes"),
      ("since", "2026-11-18 13:06"), ("date", "2026-11-20"), ("time", "09:05"), ("moment", "2026-11-21 01:30"), ("duration", "1:30"),
      ("count", "-1000"), ("weight (kg)", "1234.500"), ("price", "1234567.50"), ("price (currency)", "USD"), ("share (%)", "12.50"),
      ("country", "Greece"), ("language", "Greek"), ("phone", "+30 210 1234567"),
    ] { #expect(english[heading] == value, "\(heading): \(english[heading] ?? "none")") }
    let text = String(decoding: bytes(query), as: UTF8.self)
    #expect(text.contains("'＝1+1") && text.contains("\"Ann; \"\"the\"\" first, of two\""))

    try speak("el", in: "America/New_York")
    let greek = try row(query)
    for (heading, value) in [
      ("Όνομα", "Ann; \"the\" first, of two"), ("Κατάσταση", "Ενεργή"), ("flag", "Ναι"), ("moment", "2026-11-20 18:30"),
      ("weight (kg)", "1234,500"), ("price", "1234567,50"), ("price (νόμισμα)", "USD"), ("country", "Ελλάδα"), ("language", "Ελληνικά"),
    ] { #expect(greek[heading] == value, "\(heading): \(greek[heading] ?? "none")") }
    // As a Greek spreadsheet has it: a comma is the decimal mark there.
    #expect(String(decoding: bytes(query).dropFirst(3).prefix { $0 != 0x0D }, as: UTF8.self).contains(";Κατάσταση;"))
  }

  @Test func `an empty record has empty cells`() throws {
    try make([("name", "Bare")])
    let row = try row("?format=spreadsheet&columns=all")
    #expect(row["price"] == "" && row["price (currency)"] == "" && row["moment"] == "" && row["flag"] == "" && row["since"] == "")
    var table = try CSVTable(bytes: bytes("?format=spreadsheet&columns=all&q=nobody"))
    #expect(try table.next() == nil)
  }

  @Test func `what scripts read stays as it was`() throws {
    try fill()
    try speak("el", in: "Europe/Athens")
    for query in ["", "?columns=all", "?format=exact"] {
      #expect(!bytes(query).starts(with: CSVWriter.byteOrderMark))
      let row = try row(query)
      #expect(row["id"]?.count == 36 && row["status"] == "active" && row["choices"] == "a, c" && row["country"] == "GR", "\(row)")
      #expect(row["price"] == "1234567.50 USD" && row["moment"] == "2026-11-20T23:30:00.000Z" && row["duration"] == "90")
    }
    #expect(owner.get(Self.path + "/export.csv?format=pdf").status == 400)
  }

  @Test func `an import reads the exact file back, and refuses one for people`() throws {
    try fill()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("specimens.csv")
    let clock = office.now
    let importer = Importer(
      office.composition, store: office.store, clock: Clock { clock },
      languages: try Languages(folder: TestApp.resources + "/Templates/languages").available)
    func bring(_ bytes: [UInt8]) throws -> Importer.Outcome {
      try Data(bytes).write(to: path)
      return try importer.run(
        "specimens", path: path.path, options: Importer.Options(), skipped: { Issue.record("\($0)") }, progress: { _ in })
    }
    for query in ["?columns=all", ""] {
      #expect(try bring(bytes(query)).unchanged == 1)
      // A spreadsheet may have put a mark before it.
      #expect(try bring(CSVWriter.byteOrderMark + bytes(query)).unchanged == 1)
    }
    for language in ["en", "el"] {
      try speak(language, in: "Europe/Athens")
      for query in ["?format=spreadsheet", "?format=spreadsheet&columns=all"] {
        let file = bytes(query)
        #expect { try bring(file) } throws: { "\($0)".hasSuffix("has no column “id”; specimens need it") }
      }
    }
  }

  @Test func `the list offers each kind of file, for just what it shows`() {
    let page = owner.get("/admin/crm/contacts?q=ann&sort=city&after=MS5h").page
    let links = page.all("//a[@download]").map { ($0.text, $0["href"] ?? "") }
    let path = "/admin/crm/contacts/export.csv?q=ann&sort=city"
    #expect(links.map(\.1) == [path + "&format=spreadsheet", path + "&columns=all", path])
    #expect(
      links.map(\.0) == ["CSV for Excel and other spreadsheets", "CSV for import into Roost (all fields)", "CSV of the columns shown"])
    for link in links { #expect(owner.get(link.1).status == 200) }
    #expect(
      owner.get("/admin/crm/companies").page.all("//a[@download]").first?["href"] == "/admin/crm/companies/export.csv?format=spreadsheet")
  }

  @Test(arguments: ["=1", "+x", "-x", "@x", "\tx", "\rx", "＝1", "＋x", "－x", "＠x", " =1", "\u{200B}=1", ";=1"])
  func `no field of a file is a formula`(text: String) {
    for separator in [CSVWriter.Separator.comma, .semicolon] {
      var bytes: [UInt8] = []
      CSVWriter.append([text, "b"], to: &bytes, guardFormulas: true, separator: separator)
      #expect(String(decoding: bytes, as: UTF8.self).trimmingPrefix("\"").hasPrefix("'"))
    }
  }
}
