import Base
import Foundation
import Store
import TestKit
import Templating
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Files of records: what they change, what they leave, what they report.
@Suite final class RecordImportTests {
  private let app: TestApp
  private let folder: URL

  init() throws {
    app = try TestApp()
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func importer(into app: TestApp) throws -> Importer {
    let (clock, languages) = (app.now, try Languages(folder: TestApp.resources + "/Templates/languages").available)
    return Importer(crm, store: app.store, clock: Clock { clock }, languages: languages)
  }

  @discardableResult
  private func bring(
    _ kind: String, _ bytes: [UInt8], overwrite: Bool = false, into other: TestApp? = nil, named name: String = "people.csv"
  ) throws -> (outcome: Importer.Outcome, problems: [String]) {
    let path = folder.appendingPathComponent(name)
    try Data(bytes).write(to: path)
    // As old as the test clock says.
    let app = other ?? self.app
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: Double(app.now.milliseconds) / 1_000)], ofItemAtPath: path.path)
    var options = Importer.Options()
    options.overwrites = overwrite
    var problems: [String] = []
    let outcome = try importer(into: app).run(
      kind, path: path.path, options: options, skipped: { problems.append("\($0.line): \($0.reason)") }, progress: { _ in })
    return (outcome, problems)
  }

  @discardableResult
  private func bring(_ kind: String, _ text: String, overwrite: Bool = false) throws -> (
    outcome: Importer.Outcome, problems: [String]
  ) {
    try bring(kind, Array(text.utf8), overwrite: overwrite)
  }

  private func refusal(_ kind: String, _ text: String) -> String {
    do {
      try bring(kind, text)
      return ""
    } catch {
      return String(describing: error).replacing(folder.path + "/", with: "")
    }
  }

  private func texts(_ sql: SQL) throws -> [String] { try app.store.read { db in try db.all(sql) { $0.text(0) } } }

  private let heading = "id,first_name,last_name,email,phone,mobile,job_title,city\n"

  // MARK: Export and import

  private static let pieces = [
    "\"", ",", ";", "=1+1", "+30", "'", "''=x", "@cmd", "-2+3+cmd|x", "Ελένη", "Ά", "😀", "sep=;", "e\u{301}", "(a): b", "): ", "；",
    "\u{FF1D}",
    "  ", "&amp;", "<b>", "\\n", "%41", "ΐ", "ß", "null", "0", "-",
  ]

  private func nasty(_ random: inout TestKit.SplitMix, breaks: Bool = false, fallback: String = "") -> String {
    var text = ""
    for _ in 0..<random.below(5) { text += Self.pieces[random.below(Self.pieces.count)] }
    if breaks, random.below(2) == 0 { text += "\n=next line\n\n\"" }
    let clean = TextNormalizing.clean(text)
    return clean.isEmpty ? fallback : clean
  }

  private func fill(_ app: TestApp, owner: String, seed: UInt64) throws {
    var random = TestKit.SplitMix(seed: seed)
    try app.store.write { db in
      let act = ActContext(db: db, principal: .program(), now: app.now, types: crm.records.all)
      var companies: [(id: RecordID, name: String)] = []
      for number in 0..<30 {
        var texts: [String: String] = [:]
        for field in RecordType.company.fields {
          switch field.kind {
          case is LineField: texts[field.name] = nasty(&random)
          case is TextField: texts[field.name] = nasty(&random, breaks: true)
          default: break
          }
        }
        texts["name"] = nasty(&random) + " \(number)"
        texts["country"] = ["", "GR", "XK"][number % 3]
        texts["email"] = number % 2 == 0 ? "info\(number)@example.com" : ""
        texts["phone"] = number % 2 == 0 ? "+30 (210): 12345" : ""
        texts["website"] = number % 2 == 0 ? "example.com/=\(number)" : ""
        texts["roles"] = ["", "customer", "supplier, partner"][number % 3]
        texts["status"] = number % 4 == 0 ? "inactive" : "active"
        texts["owner"] = number % 5 == 0 ? owner : ""
        let type = RecordType.company
        guard case .done(let id, _) = try type.create(try type.values(texts.mapValues(TextNormalizing.clean)), act) else {
          throw HTTPError.notFound
        }
        companies.append((id, TextNormalizing.clean(texts["name"] ?? "")))
      }
      for number in 0..<60 {
        let type = RecordType.contact
        var values = try type.values([
          "name": TextNormalizing.clean(nasty(&random) + " \(number)"), "job_title": nasty(&random), "street": nasty(&random),
          "city": nasty(&random),
          "region": nasty(&random), "postal_code": nasty(&random), "source": nasty(&random),
          "birthday": number % 2 == 0 ? "1980-02-29" : "",
          "country": ["", "GR", "DE"][number % 3], "language": ["", "el", "en-GB"][number % 3], "owner": number % 2 == 0 ? owner : "",
          "consent": ["", "email", "email, sms"][number % 3], "opted_out": number % 4 == 0 ? "yes" : "",
          "status": number % 5 == 0 ? "inactive" : "active",
        ])
        var channels: [Channel] = []
        if number % 3 != 0 {
          for kind in Channel.Kind.allCases {
            let value = [
              Channel.Kind.email: "a\(number)@example.com", .phone: "+30 (210): 5\(number)", .whatsapp: "123\(number)", .url: "x.com/(a)",
            ]
            channels.append(Channel(kind: kind, label: nasty(&random), value: value[kind] ?? "", isPrimary: false))
          }
        }
        func set(_ field: String, _ value: FieldValue) { if let index = type.index(of: field) { values[index] = value } }
        set("channels", Channel.value(channels))
        if number % 2 == 0 {
          set(
            "owned_items",
            OwnedItem.value([
              OwnedItem(kind: .device, label: nasty(&random, fallback: "x"), quantity: 2, serialNumbers: [nasty(&random, fallback: "1")])
            ]))
          let company = companies[random.below(companies.count)]
          set(
            "companies",
            Membership.value([
              Membership(
                companyName: company.name, companyID: company.id.text, role: nasty(&random), department: nasty(&random), isPrimary: true)
            ]))
        }
        guard case .done = try type.create(values, act) else { throw HTTPError.notFound }
      }
    }
  }

  private func export(_ list: String, _ visitor: TestClient) throws -> [[String]] {
    let text = visitor.get("/admin/crm/\(list)/export.csv?columns=all").text
    try Data(text.utf8).write(to: folder.appendingPathComponent("export.csv"))
    var table = try CSVTable(bytes: Array(text.utf8))
    var rows = [table.heading]
    while let row = try table.next() { rows.append(row.fields) }
    return [rows[0]] + rows.dropFirst().sorted { $0[0] < $1[0] }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `what was exported comes back as it was, here and in another office`(seed: UInt64) throws {
    let visitor = try app.visitor(name: "Olga Owner")
    try fill(app, owner: "Olga Owner", seed: seed)
    app.wait(seconds: 60)
    let other = try TestApp()
    let otherVisitor = try other.visitor(name: "Olga Owner")
    for (kind, count) in [("companies", 30), ("contacts", 60)] {
      let exported = try export(kind, visitor)
      #expect(exported.count == count + 1)
      #expect(
        Set(exported[0]).isSuperset(
          of: RecordType.contact.list.name == kind ? ["channels", "companies", "owned_items"] : ["description"]))
      let bytes = Array(visitor.get("/admin/crm/\(kind)/export.csv?columns=all").text.utf8)
      let here = try bring(kind, bytes)
      #expect(here.problems.isEmpty && here.outcome.unchanged == count && here.outcome.batch == nil, "\(here)")
      let there = try bring(kind, bytes, into: other)
      #expect(there.problems.isEmpty && there.outcome.created == count && there.outcome.unusedColumns.isEmpty, "\(there)")
      #expect(try export(kind, otherVisitor) == exported)
      let again = try bring(kind, bytes, into: other)
      #expect(again.outcome.unchanged == count, "\(again)")
      // The list's export can be imported again.
      let shown = Array(visitor.get("/admin/crm/\(kind)/export.csv").text.utf8)
      let list = try bring(kind, shown)
      #expect(list.problems.isEmpty && list.outcome.unchanged == count, "\(list)")
      #expect(try export(kind, visitor) == exported)
    }
    #expect(try crm.check(other.store).isEmpty)
  }

  // MARK: What a file changes

  @Test func `a file changes only what it carries`() throws {
    try bring("contacts", heading + "1,Ann,Archer,ann@example.com,+30 210 1234567,+30 69 7654321,Boss,Patra\n")
    try bring("contacts", "id,first_name,last_name\n1,Anna,Archer\n")
    try bring("contacts", "id,city\n1,Volos\n")
    try bring("contacts", "id,phone\n1,\n")
    #expect(
      try texts("SELECT name || job_title || city || email || (channels ->> '$.phone[0].label') FROM contacts") == [
        "Anna ArcherBossVolosann@example.commobile"
      ])
    let emptied = try bring("contacts", "id,first_name,last_name,job_title\n1,,,\n")
    #expect(emptied.problems == ["2: first_name: Enter a name."])
    try bring("contacts", "id,job_title,mobile\n1,,\n")
    #expect(try texts("SELECT job_title || channels FROM contacts") == [#"{"email":[{"label":"","value":"ann@example.com"}]}"#])
    #expect(try texts("SELECT count(*) FROM activity") == ["5"])
    #expect(try crm.check(app.store).isEmpty)
  }

  @Test func `an id is a record's own, one from elsewhere, or none`() throws {
    let own = "019aa3a1-7c1e-7f3a-8b0e-5d1c2f9e4a77"
    let (outcome, problems) = try bring(
      "companies", "id,name\n7,Acme\n\(own),Beta\n,Gamma\n,Gamma\n9f0e0f0e-0000-4000-8000-000000000000,Delta\n")
    #expect(problems.isEmpty && outcome.created == 5)
    #expect(try texts("SELECT id FROM companies WHERE name = 'Beta' AND external_id IS NULL") == [own])
    #expect(try texts("SELECT external_id FROM companies WHERE name = 'Delta'") == ["9f0e0f0e-0000-4000-8000-000000000000"])
    let acme = try app.id("SELECT id FROM companies WHERE name = 'Acme'")
    try bring("companies", "id,name\n\(acme.uppercased()),Acme 2\n\(own),Beta 2\n7,Acme 3\n")
    #expect(try texts("SELECT name FROM companies ORDER BY name") == ["Acme 3", "Beta 2", "Delta", "Gamma", "Gamma"])
  }

  @Test func `headings may be labels in any language, and are told by their own words`() throws {
    let greek = try Languages(folder: TestApp.resources + "/Templates/languages").language("el")
    let (outcome, problems) = try bring(
      "contacts",
      "ID; First_Name ;LAST NAME;\(greek.text("Job title"));City;Country;Nonsense;\n1;Ann;Archer;Boss;Patra;Nowhere;x;\n2;Ben;Brook;Boss;Volos;gr;x;\n"
    )
    #expect(problems.count == 1 && problems[0].hasPrefix("2: Country: "), "\(problems)")
    #expect(outcome.unusedColumns == ["Nonsense"])
    #expect(try texts("SELECT name || job_title || city || country FROM contacts") == ["Ben BrookBossVolosGR"])
  }

  @Test func `a heading that is there twice, or not at all, is one error for the file`() throws {
    #expect(refusal("contacts", "id,first_name,last_name,email,email\n1,a,b,,\n") == "people.csv has the column “email” twice")
    #expect(refusal("contacts", "id,name,Job title,job_title\n1,a,b,c\n") == "people.csv has one column twice: “Job title” and “job_title”")
    #expect(refusal("contacts", "first_name,last_name\na,b\n") == "people.csv has no column “id”; contacts need it")
    #expect(refusal("contacts", "id,first_name\n1,a\n") == "people.csv has no column “last_name”; contacts need it")
    #expect(refusal("companies", "id,city\n1,a\n") == "people.csv has no column “name”; new companies need it, and line 2 would be one")
    // Skipping an unreadable row doesn't end the search for new ones.
    #expect(
      refusal("companies", "id,city\n1,a,b,c\n2,x\n")
        == "people.csv has no column “name”; new companies need it, and line 3 would be one")
    #expect(refusal("memberships", "contact_id,company_id,role,role\n1,1,,\n") == "people.csv has the column “role” twice")
    #expect(try texts("SELECT count(*) FROM activity") == ["0"])
  }

  @Test func `a value that is none is its row's error`() throws {
    let owner = try app.visitor(name: "Same Name")
    _ = try app.visitor(.admin, name: "Same Name")
    _ = owner
    let (outcome, problems) = try bring(
      "contacts",
      """
      id,name,Status,owner,email,birthday,created_at
      1,Ann,Inactive,,,,
      2,Ben,trashed,,,,
      3,Cid,asleep,,,,
      4,Dora,lead,,,,
      5,Eve,,nobody@example.com,,,
      6,Fay,,Same Name,,,
      7,Gus,,OWNER.0@example.com,,,
      8,Hal,,,none,,
      9,Ida,,,,2020-02-30,
      10,Jan,,,,,soon

      """)
    let told: [String] = problems.map { problem in problem.split(separator: ":").prefix(2).joined(separator: ":") }
    #expect(
      told == ["3: Status", "4: Status", "9: email", "10: birthday", "11: created_at", "6: owner", "7: owner"]
        || told == ["3: Status", "4: Status", "6: owner", "7: owner", "9: email", "10: birthday", "11: created_at"], "\(problems)")
    #expect(outcome.remarks == ["Status: lead, prospect, customer, partner count as active"])
    #expect(try texts("SELECT name || status FROM contacts ORDER BY name") == ["Anninactive", "Doraactive", "Gusactive"])
  }

  @Test func `the primary company is known by an id or by its name`() throws {
    try bring("companies", "id,name\n1,Acme\n2,Βήτα\n3,Twin\n4,Twin\n")
    let acme = try app.id("SELECT id FROM companies WHERE name = 'Acme'")
    let rows = "id,name,company_id,company\n1,Ann,1,\n2,Ben,\(acme),\n3,Cid,,βητα\n4,Dora,,Twin\n5,Eve,9,\n6,Fay,,\n"
    let first = try bring("contacts", rows)
    #expect(
      first.problems.sorted() == [
        "5: company_id: There are several companies named “Twin”. Pick one from the list.", "6: company_id: No company called “9”.",
      ])
    #expect(try texts("SELECT name || company_name FROM contacts ORDER BY name") == ["AnnAcme", "BenAcme", "CidΒήτα", "Fay"])
    let again = try bring("contacts", rows)
    #expect(again.outcome.unchanged == 4, "\(again)")
    try bring("contacts", "id,company_id\n1,2\n2,\n")
    #expect(try texts("SELECT name || company_name FROM contacts ORDER BY name") == ["AnnΒήτα", "Ben", "CidΒήτα", "Fay"])
    #expect(try texts("SELECT count(*) FROM memberships") == ["3"])
    #expect(try crm.check(app.store).isEmpty)
  }

  @Test func `tags and companies of new records come in with them`() throws {
    try bring("companies", "id,name\n1,Acme\n2,Βήτα\n")
    let ids = try texts("SELECT id FROM companies ORDER BY name")
    func company(_ index: Int, _ name: String, _ role: String, isPrimary: Bool) -> Membership {
      Membership(companyName: name, companyID: ids[index], role: role, isPrimary: isPrimary)
    }
    let both = Membership.value([company(0, "Acme", "buyer", isPrimary: false), company(1, "Βήτα", "boss", isPrimary: true)]).text
    let (outcome, problems) = try bring(
      "contacts",
      "id,name,tags,companies\n1,Ann,\"VIP, new\",\n2,Ben,vip,\"\(both.replacing("\"", with: "\"\""))\"\n3,Cid,\"<\",\n4,Dora,,\n2,Ben,new,\n"
    )
    #expect(problems.isEmpty && outcome.created == 4 && outcome.changed == 1, "\(outcome) \(problems)")
    #expect(
      try texts(
        "SELECT contacts.name || ' ' || tags.name FROM record_tags JOIN tags ON tags.id = tag_id JOIN contacts ON contacts.id = record_id ORDER BY 1"
      ) == ["Ann VIP", "Ann new", "Ben new", "Cid <"])
    #expect(try texts("SELECT count(*) FROM memberships") == ["0"], "the file's last row of Ben has no companies")
    try bring("contacts", "id,companies\n3,\"\(both.replacing("\"", with: "\"\""))\"\n")
    #expect(try texts("SELECT company_name FROM contacts WHERE external_id = '3'") == ["Βήτα"])
    #expect(try crm.check(app.store) == [])
  }

  @Test func `notes of a file are added once`() throws {
    try bring("contacts", "id,name,notes\n1,Ann,First\n")
    try bring("contacts", "id,name,notes\n1,Ann,First\n")
    try bring("contacts", "id,name,notes\n1,Ann,\"Second\nline\"\n")
    #expect(try texts("SELECT json_array_length(notes) FROM contacts") == ["2"])
    #expect(try texts("SELECT action FROM activity ORDER BY seq") == ["contact.created", "contact.note_added"])
  }

  // MARK: What people have changed

  private func edit(_ city: String, _ visitor: TestClient) throws {
    let id = try app.id("SELECT id FROM contacts")
    let page = visitor.get("/admin/crm/contacts/\(id)/edit")
    let version = try app.id("SELECT version FROM contacts")
    #expect(page.status == 200)
    #expect(
      visitor.post("/admin/crm/contacts/\(id)", ["name": "Ann Archer", "city": city, "status": "active", "version": version]).status == 303)
  }

  @Test func `a person's later change is not written over unless that is asked for`() throws {
    let visitor = try app.visitor()
    let file = "id,first_name,last_name,city,job_title\n1,Ann,Archer,Patra,\n"
    try bring("contacts", file)
    app.wait(seconds: 60)
    try edit("Volos", visitor)
    app.wait(seconds: 60)
    let again = try bring("contacts", file)
    #expect(again.problems == ["2: city: Olga Owner has changed it later than the last import; --overwrite writes over it"])
    #expect(again.outcome.batch == nil)
    // Other fields can be imported, and so can a row that is newer than the user's change.
    let other = try bring("contacts", "id,job_title\n1,Boss\n")
    #expect(other.problems.isEmpty)
    app.wait(seconds: 60)
    try edit("Larisa", visitor)
    let (before, after) = (app.now.adding(seconds: -10).text, app.now.adding(seconds: 10).text)
    #expect(try bring("contacts", "id,city,updated_at\n1,Athina,\(before)\n").problems.count == 1)
    #expect(try bring("contacts", "id,city,updated_at\n1,Athina,2099-01-01\n").problems.count == 1, "a time to come says nothing")
    app.wait(seconds: 20)
    #expect(try bring("contacts", "id,city,updated_at\n1,Athina,\(after)\n").problems.isEmpty)
    app.wait(seconds: 60)
    try edit("Larisa", visitor)
    #expect(try bring("contacts", file, overwrite: true).problems.isEmpty)
    #expect(try texts("SELECT city FROM contacts") == ["Patra"])
  }

  @Test func `what is in the trash is left there`() throws {
    let visitor = try app.visitor()
    try bring("contacts", "id,name\n1,Ann\n")
    let id = try app.id("SELECT id FROM contacts")
    visitor.get("/admin/crm/contacts/\(id)")
    visitor.post("/admin/crm/contacts/\(id)/trash", [:])
    #expect(try bring("contacts", "id,name\n1,Anna\n").problems == ["2: “Ann” is in the trash; restore it first"])
    #expect(try bring("contacts", "id,name,status\n1,Ann,trashed\n").outcome.unchanged == 1)
  }

  // MARK: Undo

  @Test func `history says where a record comes from, and the import can be taken back`() throws {
    let visitor = try app.visitor()
    try bring("contacts", heading + "1,Ann,Archer,ann@example.com,,,Boss,Patra\n")
    app.wait(seconds: 60)
    let second = try bring(
      "contacts", heading + "1,Anna,Archer,anna@example.com,,,,Volos\n2,Ben,Brook,,,,,\n3,Cid,Cole,,,,,\n4,Dora,Dean,,,,,\n")
    let batch = try #require(second.outcome.batch)
    let ann = try app.id("SELECT id FROM contacts WHERE external_id = '1'")
    #expect(visitor.get("/admin/crm/contacts/\(ann)/events").text.contains("Imported from people.csv"))
    #expect(visitor.get("/admin/crm/activity").text.contains("Imported from people.csv"))
    // A user renames Cid and comments on Dora.
    let cid = try app.id("SELECT id FROM contacts WHERE external_id = '3'")
    visitor.get("/admin/crm/contacts/\(cid)/edit")
    visitor.post("/admin/crm/contacts/\(cid)", ["name": "Cid Changed", "status": "active", "version": "1"])
    let dora = try app.id("SELECT id FROM contacts WHERE external_id = '4'")
    visitor.get("/admin/crm/contacts/\(dora)/comments")
    #expect(visitor.post("/admin/crm/contacts/\(dora)/comments", ["body": "Hello"]).status == 303)
    app.wait(seconds: 60)
    var reports: [String] = []
    let undone = try importer(into: app).undo(batch, report: { reports.append($0) }, progress: { _ in })
    #expect(undone.deleted == 1 && undone.trashed == 1 && undone.putBack == 1 && undone.left == 1, "\(undone)")
    #expect(reports == ["contact Cid Cole (\(cid)): changed since, left as it is"])
    #expect(
      try texts("SELECT name || city || job_title || email || status FROM contacts ORDER BY external_id") == [
        "Ann ArcherPatraBossann@example.comactive", "Cid Changedactive", "Dora Deantrashed",
      ])
    #expect(visitor.get("/admin/crm/contacts/\(ann)/events").text.contains("Import of people.csv undone"))
    // A second time finds nothing new.
    let again = try importer(into: app).undo(batch, report: { _ in }, progress: { _ in })
    #expect(again.deleted + again.trashed + again.putBack == 0)
    #expect(throws: ImportRefusal.self) { try importer(into: app).undo(99, report: { _ in }, progress: { _ in }) }
    #expect(try crm.check(app.store) == [])
  }

  @Test func `of a record that was changed since, the import's other fields are taken back`() throws {
    let visitor = try app.visitor()
    try bring("contacts", "id,name,city,job_title\n1,Ann Archer,Patra,Boss\n2,Ben Brook,Patra,Boss\n")
    app.wait(seconds: 60)
    let second = try bring("contacts", "id,city,job_title\n1,Volos,Clerk\n2,Volos,Clerk\n")
    let batch = try #require(second.outcome.batch)
    app.wait(seconds: 60)
    let ann = try app.id("SELECT id FROM contacts WHERE external_id = '1'")
    func save(_ city: String) throws {
      let version = try app.id("SELECT version FROM contacts WHERE external_id = '1'")
      visitor.get("/admin/crm/contacts/\(ann)/edit")
      visitor.post(
        "/admin/crm/contacts/\(ann)",
        ["name": "Ann Archer", "city": city, "job_title": "Clerk", "status": "active", "version": version])
    }
    // Changed and changed back: the value is the import's, but set by a user.
    try save("Larisa")
    try save("Volos")
    for _ in 0..<2 {
      var reports: [String] = []
      let undone = try importer(into: app).undo(batch, report: { reports.append($0) }, progress: { _ in })
      #expect(undone.left == 1 && reports == ["contact Ann Archer (\(ann)): city changed since, left as it is"], "\(undone) \(reports)")
      #expect(
        try texts("SELECT name || ' ' || city || ' ' || job_title FROM contacts ORDER BY external_id") == [
          "Ann Archer Volos Boss", "Ben Brook Patra Boss",
        ])
    }
  }

  @Test func `imports are undone one after the other, the last first`() throws {
    var batches: [Int] = []
    for city in ["Athens", "Berlin", "Vienna"] {
      batches.append(try #require(try bring("companies", "id,name,city\nc1,Alpha,\(city)\n").outcome.batch))
      app.wait(seconds: 60)
    }
    var reports: [String] = []
    func undo() throws {
      let last = batches.removeLast()
      _ = try importer(into: app).undo(last, report: { reports.append($0) }, progress: { _ in })
      app.wait(seconds: 60)
    }
    try undo()
    #expect(try texts("SELECT city FROM companies") == ["Berlin"])
    try undo()
    #expect(try texts("SELECT city FROM companies") == ["Athens"])
    try undo()
    #expect(try texts("SELECT city FROM companies") == [] && reports == [])
    // Repeating it undoes nothing, and the log still has the first result.
    _ = try importer(into: app).undo(1, report: { _ in }, progress: { _ in })
    #expect(try texts("SELECT changed FROM batches WHERE undoes = 1") == ["1"])
  }

  @Test func `memberships from a file are changes of their contacts: in the history, to be undone, never over a later one`() throws {
    let visitor = try app.visitor()
    try bring("companies", "id,name\n1,Acme\n2,Beta\n")
    try bring("contacts", "id,name,company_id\n1,Ann Archer,1\n2,Ben Brook,\n3,Cid Cole,1\n")
    app.wait(seconds: 60)
    let file = "contact_id,company_id,role,is_primary\n1,1,Boss,1\n1,2,Adviser,0\n2,2,Clerk,1\n3,2,Seller,1\n9,1,,\n1,7,,\n"
    let (outcome, problems) = try bring("memberships", file)
    #expect(problems == ["6: there is no contact 9", "7: there is no company 7"])
    #expect(outcome.created == 3 && outcome.changed == 1)
    let ann = try app.id("SELECT id FROM contacts WHERE external_id = '1'")
    let events = visitor.get("/admin/crm/contacts/\(ann)/events").text
    #expect(events.contains("Imported from people.csv") && events.contains("Acme (Boss)") && events.contains("Beta (Adviser)"))
    #expect(visitor.get("/admin/crm/activity").text.contains("Imported from people.csv"))
    app.wait(seconds: 60)
    #expect(try bring("memberships", file).outcome.unchanged == 4)
    // A user moves Ben to Acme: neither another file nor the undo changes that.
    app.wait(seconds: 60)
    let ben = try app.id("SELECT id FROM contacts WHERE external_id = '2'")
    visitor.get("/admin/crm/contacts/\(ben)/edit")
    visitor.post(
      "/admin/crm/contacts/\(ben)",
      ["name": "Ben Brook", "status": "active", "version": "2", "company": "Acme", "membership_primary": "primary", "role": "Clerk"])
    app.wait(seconds: 60)
    let later = try bring("memberships", "contact_id,company_id,role\n2,1,Driver\n")
    #expect(
      later.problems == ["2: company_id: Olga Owner has changed it later than the last import; --overwrite writes over it"], "\(later)")
    var reports: [String] = []
    let undone = try importer(into: app).undo(try #require(outcome.batch), report: { reports.append($0) }, progress: { _ in })
    #expect(undone.putBack == 3 && undone.left == 1, "\(undone) \(reports)")
    #expect(
      try texts(
        """
        SELECT c.name || ': ' || group_concat(o.name || ' ' || m.role || ' ' || m.is_primary, ', ') FROM memberships m
        JOIN contacts c ON c.id = contact_id JOIN companies o ON o.id = m.company_id GROUP BY c.id ORDER BY c.name
        """) == ["Ann Archer: Acme  1", "Ben Brook: Acme Clerk 1", "Cid Cole: Acme  1"])
    #expect(try crm.check(app.store) == [])
  }

  @Test func `interactions from a file are in the history, and are taken back unless they have changed since`() throws {
    let visitor = try app.visitor()
    try bring("contacts", "id,name\n1,Ann Archer\n2,Ben Brook\n")
    let heading = "id,contact_id,kind,happened_at,subject,duration_min\n"
    let rows = ["a,1,call,2025-01-01 10:00:00,Alpha,5\n", "b,1,note,2025-01-02 10:00:00,Beta,\n", "c,2,email,2025-01-03 10:00:00,Gamma,\n"]
    let first = try bring("interactions", heading + rows.joined())
    #expect(first.outcome.created == 3)
    let ann = try app.id("SELECT id FROM contacts WHERE external_id = '1'")
    #expect(visitor.get("/admin/crm/contacts/\(ann)/events").text.contains("Imported from people.csv"))
    app.wait(seconds: 60)
    let second = try bring(
      "interactions", heading + rows[0].replacing("Alpha", with: "Delta") + rows[1] + rows[2].replacing(",1,", with: ",2,"))
    #expect(second.outcome.changed == 1 && second.outcome.unchanged == 2, "\(second)")
    // A user edits the second.
    app.wait(seconds: 60)
    let beta = try app.id("SELECT id FROM interactions WHERE external_id = 'b'")
    let address = "/admin/crm/contacts/\(ann)/interactions/\(beta)"
    visitor.get(address + "/edit")
    visitor.post(
      address, ["type": "note", "subject": "Mine", "body": "", "occurred_at": "2025-01-02T10:00", "version": "1", "zone": "UTC"])
    #expect(try texts("SELECT subject FROM interactions WHERE external_id = 'b'") == ["Mine"])
    app.wait(seconds: 60)
    let third = try bring("interactions", heading + rows[1])
    #expect(third.problems == ["2: Olga Owner has changed this interaction; --overwrite writes over it"])
    #expect(
      try bring("interactions", heading + "a,2,call,2025-01-01 10:00:00,,\n").problems == [
        "2: id: this interaction belongs to another record"
      ])
    func undo(_ batch: Int?) throws -> UndoOutcome {
      try importer(into: app).undo(try #require(batch), report: { _ in }, progress: { _ in })
    }
    #expect(try undo(second.outcome.batch).putBack == 1)
    #expect(try texts("SELECT subject FROM interactions ORDER BY external_id") == ["Alpha", "Mine", "Gamma"])
    let undone = try undo(first.outcome.batch)
    #expect(undone.deleted == 2 && undone.left == 1, "\(undone)")
    #expect(try texts("SELECT subject FROM interactions") == ["Mine"])
    #expect(try bring("interactions", heading + rows[0]).outcome.created == 1)
    #expect(try crm.check(app.store) == [])
  }

  @Test func `an undo that was cut short is offered again, and goes on`() throws {
    let visitor = try app.visitor()
    let file = try bring("contacts", "id,name\n" + (1...250).map { "\($0),Person \($0)\n" }.joined())
    let batch = try #require(file.outcome.batch)
    // One step, and the server is gone.
    let target = try #require(crm.imports.first { $0.name == "contacts" })
    let importer = try importer(into: app)
    try app.store.write { db in
      let undo = BatchUndo(
        batch: try #require(try Batch.find(batch, in: db)), target: target, types: importer.types, principal: importer.principal,
        now: app.now)
      #expect(try undo.step(100, in: db))
    }
    #expect(try texts("SELECT count(*) FROM contacts") == ["150"])
    let page = visitor.get("/admin/crm/activity?batch=\(batch)").page
    #expect(page.first("//form[@action='/admin/crm/activity/undo']") != nil)
    #expect(visitor.post("/admin/crm/activity/undo", ["batch": String(batch)]).status == 303)
    #expect(try texts("SELECT count(*) FROM contacts") == ["0"])
    #expect(visitor.get("/admin/crm/activity?batch=\(batch)").page.first("//form[@action='/admin/crm/activity/undo']") == nil)
    #expect(try texts("SELECT changed || ' ' || skipped FROM batches WHERE undoes = \(batch)") == ["250 0"])
  }

  @Test func `all columns are exported in the list's order, each record once`() throws {
    let visitor = try app.visitor()
    let rows = (1...450).map { number in
      "\(number),Firm \(number),\(number % 7 == 0 ? "" : String(format: "%03d", number * 37 % 450))"
    }
    try bring("companies", "id,name,vat_number\n" + rows.joined(separator: "\n") + "\n")
    for sort in ["vat_number", "-vat_number", "name", ""] {
      func column(_ name: String, _ query: String) throws -> [String] {
        var table = try CSVTable(bytes: Array(visitor.get("/admin/crm/companies/export.csv?sort=\(sort)\(query)").text.utf8))
        let place = try #require(table.heading.firstIndex(of: name))
        var found: [String] = []
        while let row = try table.next() { found.append(row.fields[place]) }
        return found
      }
      let all = try column("id", "&columns=all")
      #expect(all.count == 450 && Set(all).count == 450)
      #expect(all == (try column("id", "")), "\(sort)")
      if sort == "vat_number" {
        let numbers = try column("vat_number", "&columns=all").filter { !$0.isEmpty }
        #expect(numbers == numbers.sorted())
      }
    }
  }
}
