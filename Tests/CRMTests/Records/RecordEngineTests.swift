@testable import Admin
@testable import CRM
import Base
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

/// What a record type gets from its declaration, tested with one that exists only in the tests and has a field of each
/// kind.
@Suite struct RecordEngineTests {
  let office: TestApp
  let owner: TestClient
  private static let path = "/admin/crm/specimens"

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
  }

  private static let filled: [(String, String)] = [
    ("name", "Βάρος Α"), ("status", "active"), ("line", "A line"), ("body", "Some **strong** words"), ("choice", "high"),
    ("choices", "a"), ("choices", "c"), ("flag", "yes"), ("since", "yes"), ("date", "2026-11-20"), ("time", "9:05"),
    ("moment", "2026-11-20T14:05"), ("duration", "1h 30m"), ("count", "1,234"), ("weight", "1,234.5"), ("price", "99.5"),
    ("price_currency", "USD"), ("share", "12.5 %"), ("email", "a@example.com"), ("phone", "+30 210 1234567"), ("web", "example.com"),
    ("country", "GR"), ("language", "el"), ("reading_what", "First"), ("reading_amount", "1.5"), ("reading_on", "2026-11-21"),
    ("reading_state", "bad"),
  ]

  /// Posts the form of a new record, or of an existing one, with the token of its page.
  @discardableResult
  private func post(_ fields: [(String, String)], to path: String = path, by client: TestClient? = nil) -> Response {
    let client = client ?? owner
    client.get(path == Self.path ? path + "/new" : path + "/edit")
    return client.post(path, fields + [("csrf_token", client.lastToken)])
  }

  private func make(_ fields: [(String, String)]) throws -> String {
    let response = post(fields)
    try #require(response.status == 303, "\(response.page.all("//*[@class='problems']").map(\.text))")
    return response.location
  }

  /// The fields with these replacing those of the same names, and the version.
  private func changed(_ fields: [(String, String)], version: Int, _ new: [(String, String)]) -> [(String, String)] {
    fields.filter { field in !new.contains { $0.0 == field.0 } } + new + [("version", String(version))]
  }

  private func details(_ page: Response) -> [String: String] {
    let facts = page.page.all("//dl[@class='facts']/*").map(\.text)
    return Dictionary(zip(facts, facts.dropFirst()).enumerated().filter { $0.offset.isMultiple(of: 2) }.map { ($1.0, $1.1) }) { a, _ in a }
  }

  @Test func `a form with a field of each kind makes a record whose page shows each`() throws {
    owner.get("/admin/crm/contacts/new")
    let contact = owner.post("/admin/crm/contacts", ["name": "Anna Contact"]).location
    _ = try make([("name", "Origin")])
    let record = try make(Self.filled + [("contact", "anna contact"), ("origin", "Origin")])
    let page = owner.get(record)
    let shown = details(page)
    let expected = [
      "choice": "High", "choices": "A, C", "flag": "Yes", "since": "Yes", "date": "20 Nov 2026", "time": "09:05",
      "moment": "20 Nov 2026, 14:05", "duration": "1:30", "count": "1,234", "weight": "1,234.500\u{A0}kg", "price": "99.50\u{A0}USD",
      "share": "12.50\u{A0}%", "email": "a@example.com", "phone": "+30 210 1234567", "web": "example.com", "country": "Greece",
      "contact": "Anna Contact", "origin": "Origin", "readings": "First · 1.5 · 21 Nov 2026 · Bad",
    ]
    for (label, text) in expected { #expect(shown[label] == text, "\(label)") }
    #expect(page.page.first("//dd//strong")?.text == "strong")
    #expect(page.page.first("//dl[@class='facts']//a[.='Anna Contact']")?["href"] == contact)
    // The form round-trips: saved unchanged, nothing changes.
    let form = owner.get(record + "/edit").page
    #expect(form.first("//input[@name='weight']")?["value"] == "1234.500")
    #expect(form.first("//input[@name='moment']")?["value"] == "2026-11-20T14:05")
    #expect(form.first("//input[@name='duration']")?["value"] == "1:30")
    #expect(form.first("//select[@name='price_currency']/option[@selected]")?["value"] == "USD")
  }

  @Test func `numbers and times are typed and shown in the language and the zone of whoever looks`() throws {
    let record = try make([("name", "X"), ("weight", "1234.5"), ("moment", "2026-07-01T12:00"), ("price", "10.5")])
    owner.get("/account")
    owner.post("/account", ["name": "Olga Owner", "language": "el", "time_zone": "Europe/Athens", "theme": "auto"])
    let form = owner.get(record + "/edit").page
    #expect(form.first("//input[@name='weight']")?["value"] == "1234,500")
    #expect(form.first("//input[@name='moment']")?["value"] == "2026-07-01T15:00")
    #expect(details(owner.get(record))["price"] == "10,50\u{A0}EUR")
    #expect(
      post([("name", "X"), ("weight", "2.000,25"), ("moment", "2026-07-01T15:30"), ("price", "10,5"), ("version", "1")], to: record).status
        == 303)
    let row = try office.store.read { db in
      try db.first("SELECT weight, moment, price FROM specimens") { "\($0.int(0)) \($0.text(1)) \($0.int(2))" }
    }
    #expect(row == "2000250 2026-07-01T12:30:00.000Z 1050")
  }

  @Test func `a reference leads to one record that its writer may see, or says why not`() throws {
    let first = try make([("name", "Same")])
    _ = try make([("name", "Same")])
    let id = String(first.split(separator: "/").last ?? "")
    func answer(_ fields: [(String, String)]) -> String {
      post([("name", "Y")] + fields).page.first("//p[@id='f-origin-error']")?.text ?? ""
    }
    #expect(answer([("origin", "Nobody")]) == "No match for “Nobody”. Pick one from the list.")
    #expect(answer([("origin", "same")]) == "There are several named “same”. Pick one from the list.")
    #expect(
      answer([("origin", "Same"), ("origin_id", RecordID.make(at: office.now).text)]) == "This record no longer exists. Choose another.")
    // Without scripts, a typed name replaces the choice.
    #expect(answer([("origin", "Nobody"), ("origin_id", id + " Same")]) == "No match for “Nobody”. Pick one from the list.")
    let record = try make([("name", "Y"), ("origin", "Same"), ("origin_id", id)])
    // An existing reference never blocks a save, even if its target is in the trash; choosing it again is refused.
    owner.post(first + "/trash", [:])
    #expect(post([("name", "Z"), ("origin", "Same"), ("origin_id", id + " Same"), ("version", "1")], to: record).status == 303)
    #expect(details(owner.get(record))["origin"] == "Same in trash")
    #expect(answer([("origin", "Same"), ("origin_id", id)]) == "This record no longer exists. Choose another.")
    // A user limited to their own records can't reference others'.
    let items = owner.get(Self.path + "/suggestions.json?q=sa").text
    #expect(items.contains("\"name\":\"Same\""))
    #expect(
      owner.get(Self.path + "/new?origin=" + String(record.split(separator: "/").last ?? "")).page.first("//input[@name='origin']")?[
        "value"] == "Z")
  }

  private static let sorts = RecordType.specimen.list.columns.filter { $0.sort != nil }.map(\.id)

  @Test(arguments: sorts)
  func `a list sorts by each kind, those without a value together at one end`(column: String) throws {
    var random = TestKit.SplitMix(seed: 7)
    for number in 0..<12 {
      var fields = [("name", "N\(random.below(100))"), ("price_currency", "EUR"), ("choice", ["low", "high"][random.below(2)])]
      if number % 4 != 0 {
        fields += [
          ("line", ["Ώμος", "ωδή", "Alpha", "beta"][random.below(4)]), ("date", "2026-11-\(10 + random.below(20))"),
          ("time", "\(10 + random.below(10)):30"), ("moment", "2026-11-\(10 + random.below(20))T10:00"),
          ("duration", "\(random.below(300))"),
          ("count", "\(random.below(100) - 50)"), ("weight", "\(random.below(100) - 50)"), ("price", "\(random.below(100) - 50)"),
          ("share", "\(random.below(100))"), ("email", "x\(random.below(9))@example.com"), ("phone", "21012345\(random.below(90))"),
          ("web", "example\(random.below(9)).com"), ("country", ["GR", "DE"][random.below(2)]),
          ("language", ["el", "en"][random.below(2)]),
        ]
        if random.below(2) == 0 { fields.append(("flag", "yes")) }
      }
      _ = try make(fields)
      office.wait(seconds: 1)
    }
    let key = try #require(RecordType.specimen.list.column(column)?.sort?.key)
    for (address, direction) in [(column, ""), ("-" + column, " DESC")] {
      let ids = try office.store.read { db in
        try db.all(
          "SELECT id FROM specimens ORDER BY \(key.isEmpty), \(raw: key.expression)\(raw: direction), seq\(raw: direction)"
        ) { $0.text(0) }
      }
      let page = owner.get(Self.path + "?sort=" + address)
      #expect(page.page.all("//a[@class='row-link']").map { String(($0["href"] ?? "").split(separator: "/").last ?? "") } == ids)
    }
  }

  @Test func `lists show, search, arrange and export every field that has a cell`() throws {
    _ = try make(Self.filled)
    let ids = RecordType.specimen.list.columns.map(\.id)
    owner.get(Self.path + "/columns")
    #expect(
      owner.post(
        Self.path + "/columns", ids.map { ("columns", $0) } + [("csrf_token", owner.lastToken), ("view", "table"), ("apply", "yes")]
      ).status == 303)
    let cells = owner.get(Self.path + "?q=line")
    #expect(cells.text.contains("99.50\u{A0}USD") && cells.text.contains("1,234.500\u{A0}kg") && cells.text.contains("20 Nov 2026, 14:05"))
    #expect(owner.get(Self.path + "?q=nothing").page.all("//a[@class='row-link']").isEmpty)
    let lines = owner.get(Self.path + "/export.csv").text.split(whereSeparator: \.isNewline)
    for text in ["99.50 USD", "1234.500", "12.50", "2026-11-20T14:05:00.000Z", ",90,", ",09:05,", ",yes,"] {
      #expect(lines.last?.contains(text) == true, "\(text)")
    }
  }

  @Test func `what two people change is merged, a field that both changed is a conflict, and a change can be put back`() throws {
    let record = try make(Self.filled)
    let other = try office.visitor(.admin, name: "Adam Admin")
    #expect(post(changed(Self.filled, version: 1, [("weight", "7"), ("price", "1")]), to: record, by: other).status == 303)
    // Also made from the first version: another field.
    #expect(post(changed(Self.filled, version: 1, [("duration", "45")]), to: record).status == 303)
    let merged = details(owner.get(record))
    #expect(merged["weight"] == "7.000\u{A0}kg" && merged["price"] == "1.00\u{A0}USD" && merged["duration"] == "0:45")
    // The same field, with another value.
    let conflict = post(changed(Self.filled, version: 1, [("weight", "8")]), to: record)
    #expect(conflict.status == 409 && conflict.text.contains("7.000\u{A0}kg") && conflict.text.contains("8.000\u{A0}kg"))
    #expect(owner.get(record + "/events").text.contains("1:30"))
    #expect(post(changed(Self.filled, version: 99, [("weight", "9")]), to: record).status == 409, "a version that never was")
    // All fields at once, and all of them back.
    let before = details(owner.get(record))
    #expect(post([("name", "Emptied"), ("version", "3"), ("price_currency", "EUR")], to: record).status == 303)
    #expect(details(owner.get(record))["weight"] == nil)
    let entry = try #require(owner.get(record + "/events").text.firstMatch(of: #/events/(\d+)/revert/#)?.output.1)
    #expect(owner.post("\(record)/events/\(entry)/revert", [:]).status == 303)
    let after = details(owner.get(record))
    for label in before.keys where label != "Changed" { #expect(after[label] == before[label], "\(label)") }
  }

  @Test func `no two records have the same value of a unique field, from wherever it comes`() throws {
    let first = try make([("name", "One"), ("code", "AB-1")])
    let double = post([("name", "Two"), ("code", "ab-1")])
    #expect(double.status == 422 && double.text.contains("Another record already uses this value."))
    let other = try make([("name", "Two"), ("code", "AB-2")])
    for name in ["Three", "Four"] { _ = try make([("name", name)]) }
    #expect(post([("name", "Two"), ("code", "AB-1"), ("version", "1")], to: other).status == 422)
    #expect(post([("name", "One"), ("code", "ab-1"), ("version", "1")], to: first).status == 303, "its own value, written otherwise")
    // It keeps it in the trash.
    owner.get(first)
    #expect(owner.post(first + "/trash", ["csrf_token": owner.lastToken]).status == 303)
    #expect(post([("name", "Two"), ("code", "AB-1"), ("version", "1")], to: other).status == 422)
    // A file, into an empty list as well.
    let rows = "id,name,code\n,Five,AB-3\n,Six,ab-3\n,Seven,AB-1\n,Eight,\n"
    func problems(_ office: TestApp) throws -> [String] {
      let path = NSTemporaryDirectory() + "unique-\(UInt64.random(in: 0 ... .max)).csv"
      try Data(rows.utf8).write(to: URL(fileURLWithPath: path))
      defer { try? FileManager.default.removeItem(atPath: path) }
      var problems: [String] = []
      _ = try Importer(office.composition, store: office.store).run(
        "specimens", path: path, skipped: { problems.append("\($0.line): \($0.reason)") }, progress: { _ in })
      return problems
    }
    #expect(
      try problems(office) == ["3: code: Another record already uses this value.", "4: code: Another record already uses this value."])
    #expect(try problems(try TestApp(features: [.specimens])) == ["3: code: Another record already uses this value."])
  }

  @Test func `a record goes to the trash, comes back, goes for good, and has notes`() throws {
    let record = try make(Self.filled)
    owner.get(record)
    #expect(owner.post(record + "/notes", ["note": "Seen today"]).status == 303)
    #expect(owner.get(record).text.contains("Seen today"))
    #expect(owner.post(record + "/trash", [:]).status == 303)
    #expect(owner.get(Self.path).page.all("//a[@class='row-link']").isEmpty)
    #expect(owner.get(Self.path + "?status=trashed").page.all("//a[@class='row-link']").count == 1)
    #expect(owner.post(record + "/restore", [:]).status == 303)
    #expect(owner.get(Self.path).page.all("//a[@class='row-link']").count == 1)
    owner.post(record + "/trash", [:])
    owner.get(record + "/delete")
    #expect(owner.post(record + "/delete", ["confirm": "Βάρος Α"]).status == 303)
    #expect(owner.get(record).status == 404)
    let problems = try office.store.read { db in try RecordType.specimenDerivations.compactMap { try $0.problem(in: db) } }
    #expect(problems.isEmpty)
  }

  @Test func `comments, files, interactions and tags hang on it, and a field holds some of its files`() throws {
    let record = try make(Self.filled + [("tags", "Rare, Heavy")])
    let page = owner.get(record)
    #expect(page.page.all("//section[@aria-labelledby='tags']//a").map(\.text) == ["Heavy", "Rare"])
    #expect(owner.post(record + "/comments", ["body": "Looks **fine**", "parent": ""]).status == 303)
    #expect(owner.get(record + "/comments").text.contains("<strong>fine</strong>"))
    owner.get(record + "/interactions")
    #expect(owner.post(record + "/interactions", ["type": "note", "body": "Weighed it"]).status == 303)
    #expect(owner.get(record + "/interactions").text.contains("Weighed it"))
    owner.get(record + "/files")
    #expect(owner.post(record + "/files", files: [.init("paper.txt", "one"), .init("other.txt", "two")]).status == 303)
    let boxes = owner.get(record + "/edit").page.all("//input[@name='papers']")
    #expect(boxes.count == 2)
    let file = try office.id("SELECT id FROM files WHERE name = 'paper.txt'")
    #expect(post(changed(Self.filled, version: 1, [("tags", "Rare"), ("papers", file)]), to: record).status == 303)
    #expect(owner.get(record).page.first("//dd//a[@href='/admin/crm/files/\(file)']")?.text == "paper.txt")
    #expect(owner.get(record + "/events").text.contains("paper.txt"))
    // A file of another record can't be used.
    let other = try make([("name", "Other")])
    let refused = post([("name", "Other"), ("papers", file), ("version", "1")], to: other)
    #expect(refused.status == 422 && refused.text.contains("Choose files of this record."))
  }

  @Test func `each field is changed where it stands, in the language of whoever looks`() throws {
    let record = try make(Self.filled)
    for field in RecordType.specimen.typedFields {
      #expect(owner.get(record + "/fields/" + field.name).status == 200, "\(field.name)")
    }
    for (name, fields, shown) in [
      ("weight", [("weight", "5.25")], "5.250\u{A0}kg"), ("price", [("price", "3"), ("price_currency", "JPY")], "3\u{A0}JPY"),
      ("duration", [("duration", "2h")], "2:00"), ("moment", [("moment", "2026-01-02T03:04")], "2 Jan 2026, 03:04"),
      ("readings", [("reading_what", "Only"), ("reading_amount", ""), ("reading_on", ""), ("reading_state", "ok")], "Only · Fine"),
    ] {
      let path = record + "/fields/" + name
      let version = try #require(owner.get(path).page.first("//input[@name='version']")?["value"])
      #expect(owner.post(path, fields + [("version", version), ("csrf_token", owner.lastToken)]).status == 303)
      #expect(details(owner.get(record))[name] == shown)
    }
  }

  @Test func `rows are added and taken away without scripts`() throws {
    let added = post([
      ("name", "X"), ("add_row", "reading"), ("reading_what", "One"), ("reading_amount", ""), ("reading_on", ""), ("reading_state", "ok"),
    ])
    #expect(added.page.all("//div[@id='rows-reading']/fieldset").count == 2)
    let bad = post([("name", "X"), ("reading_what", ""), ("reading_amount", "5"), ("reading_on", ""), ("reading_state", "ok")])
    #expect(bad.status == 422 && bad.page.first("//*[@id='f-reading-0-error']")?.text == "Say what it is.")
  }

  @Test func `a field that comes later has what it would have had from the beginning`() throws {
    let whole = RecordType.specimen
    let beginning = RecordType(
      whole.name, label: whole.label, icon: whole.icon, resource: whole.resource, words: whole.words,
      sections: [FormSection(id: "all", title: "All", fields: whole.fields.filter { ["name", "status", "owner"].contains($0.name) })],
      list: whole.list)
    func schema(_ sql: [String]) throws -> [String] {
      let office = try TestApp()
      try office.store.write { db in for statement in sql { try db.script(statement) } }
      return try office.store.read { db in
        try db.all(
          "SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || coalesce(dflt_value, '') FROM pragma_table_xinfo('specimens') ORDER BY 1"
        ) { $0.text(0) }
          + (try db.all("SELECT sql FROM sqlite_schema WHERE tbl_name = 'specimens' AND type = 'index' ORDER BY name") { $0.text(0) })
      }
    }
    let later = whole.fields.filter { beginning.field($0.name) == nil }.map { whole.additionSQL(of: $0) }.filter { !$0.isEmpty }
    #expect(later.count == 25)
    #expect(try schema([beginning.tableSQL] + later) == schema([whole.tableSQL]))
  }

  @Test func `every field has its columns in the table of its type`() throws {
    for type in office.composition.records.all {
      let columns = try office.store.read { db in
        Set(try db.all("SELECT name FROM pragma_table_xinfo(\(type.table))") { $0.text(0) })
      }
      for field in type.fields {
        for column in field.columns + (field.keyColumn.map { [$0] } ?? []) {
          #expect(
            columns.contains(column),
            "\(type.table) has no column \(column): a migration adds it, as `roost schema \(type.name) \(field.name)` prints it")
        }
      }
    }
  }
}

extension RecordType {
  fileprivate static var specimenDerivations: [DerivedData] { Feature.specimens.derivations }
}
