@testable import Admin
import Base
@testable import CRM
import Store
import Testing
import Web
import XML

/// Records that somebody may not see, beside those that they may write: they are neither named nor reached, and links to them stay.
@Suite struct HiddenRecordTests {
  private let office: TestApp
  private let admin: TestProgram
  /// Sees all contacts and writes them, and only its own of everything else.
  private let program: TestProgram

  init() throws {
    office = try TestApp()
    admin = try TestProgram(office, .admin)
    program = try TestProgram(office, .manager)
    try grant("contacts=write companies=read_own tasks=read_own files=read_own activity=none")
  }

  /// What managers may do, in place of what the program gives them.
  private func grant(_ grants: String) throws {
    try office.store.write { db in _ = try db.run("UPDATE roles SET grants = \(grants) WHERE id = \(Role.manager.id)") }
  }

  private func own(_ id: String, in table: String) throws {
    try office.store.write { db in
      let user = try db.text("SELECT user_id FROM api_tokens WHERE token_hash = \(APIToken.hash(program.token))")
      try db.run("UPDATE \(raw: table) SET created_by = \(user) WHERE id = \(id)")
    }
  }

  private func place(_ company: String, isPrimary: Bool = false) -> JSON {
    .object(["company": .string(company), "role": "", "department": "", "primary": .bool(isPrimary)])
  }

  /// A contact of all these companies.
  private func contact(_ name: String, of companies: [String]) throws -> TestProgram.Answer {
    let answer = admin.send(.post, "/contacts", .object(["name": .string(name), "companies": .array(companies.map { place($0) })]))
    try #require(answer.status == 201, "\(answer.text)")
    return answer
  }

  private func companies(of contact: String, by reader: TestProgram? = nil) -> [String] {
    (reader ?? admin).get("/contacts/\(contact)").json["companies"]?.array?.compactMap { $0["company"]?["name"]?.string } ?? []
  }

  // MARK: Writing

  @Test(arguments: ["companies=none", "companies=read_own"])
  func `a hidden company can't be given to a contact, and is not told apart from none`(rights: String) throws {
    try grant("contacts=write \(rights)")
    let hidden = try admin.make("Hidden Ltd", in: "companies").id
    let contact = program.send(.post, "/contacts", .object(["name": "Ann"]))
    func errors(_ company: String) -> [String] {
      let body: JSON = .object(["companies": .array([place(company)])])
      let answers = [
        program.send(.post, "/contacts", .object(["name": "Ann", "companies": .array([place(company)])])),
        program.send(.patch, "/contacts/\(contact.id)", body),
      ]
      return answers.map { "\($0.status) \($0.errors.values.joined())".replacing(company, with: "NAME") }
    }
    #expect(errors(hidden) == errors("0193fa20-5e1c-7c3a-9b1e-2f6d8a4c7e10"))
    #expect(errors("Hidden Ltd") == errors("Nobody Ltd"))
    #expect(errors(hidden).allSatisfy { $0.hasPrefix("422") })
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM memberships") } == 0)
  }

  @Test func `a company of one's own is found, also by a name that a hidden one has too`() throws {
    _ = try admin.make("Twin Ltd", in: "companies")
    let mine = try admin.make("Twin Ltd", in: "companies").id
    try own(mine, in: "companies")
    let answer = program.send(.post, "/contacts", .object(["name": "Ann", "companies": .array([place("Twin Ltd")])]))
    #expect(answer.status == 201 && answer.json["companies"]?.array?.first?["company"]?["id"]?.string == mine, "\(answer.text)")
  }

  @Test func `a hidden company of a contact stays where its form posts it, and can't be guessed`() throws {
    let hidden = try admin.make("Hidden Ltd", in: "companies").id
    let contact = try contact("Ann", of: [hidden])
    #expect(
      program.send(.patch, "/contacts/\(contact.id)", .object(["companies": .array([place(hidden)]), "city": "Athens"])).status == 200)
    #expect(companies(of: contact.id) == ["Hidden Ltd"])
    #expect(program.send(.patch, "/contacts/\(contact.id)", .object(["companies": .array([place("Hidden Ltd")])])).status == 422)
  }

  @Test func `the form of a contact doesn't name a hidden company, and keeps it`() throws {
    let hidden = try admin.make("Hidden Ltd", in: "companies").id
    let contact = try contact("Ann", of: [hidden]).id
    let visitor = try office.visitor(.manager)
    let form = visitor.get("/admin/crm/contacts/\(contact)/edit")
    #expect(!form.text.contains("Hidden Ltd") && form.text.contains("A record that you can’t see"))
    var fields = [("name", "Ann"), ("status", "active"), ("version", "1"), ("csrf_token", visitor.lastToken)]
    for name in ["company", "company_id", "role", "department"] {
      fields.append((name, form.page.first("//fieldset[contains(@class, 'membership-row')]//input[@name='\(name)']")?["value"] ?? "?"))
    }
    fields += [("membership_primary", "primary"), ("city", "Athens")]
    // A name that isn't there yet: the form comes back without the hidden one's.
    let extra = [("company", "Nobody Ltd"), ("company_id", ""), ("role", ""), ("department", ""), ("membership_primary", "")]
    let refused = visitor.post("/admin/crm/contacts/\(contact)", fields + extra)
    #expect(refused.status == 422 && !refused.text.contains("Hidden Ltd"))
    #expect(visitor.post("/admin/crm/contacts/\(contact)", fields).status == 303)
    #expect(companies(of: contact) == ["Hidden Ltd"])
    #expect(admin.get("/contacts/\(contact)").json["city"] == "Athens")
    // Nothing has happened to the company.
    let changes = try office.store.read { db in try db.text("SELECT changes FROM activity ORDER BY seq DESC LIMIT 1") }
    #expect(changes?.contains("companies") == false, "\(changes ?? "")")
  }

  // MARK: Reading and writing back

  @Test func `links that a program can't see stay when it writes back what it has read`() throws {
    let (hidden, mine) = (try admin.make("Hidden Ltd", in: "companies").id, try admin.make("Mine Ltd", in: "companies").id)
    try own(mine, in: "companies")
    let contact = try contact("Ann", of: [hidden, mine])
    let path = "/contacts/\(contact.id)"
    #expect(companies(of: contact.id, by: program) == ["Mine Ltd"])
    // What was read, with another field changed.
    let read = program.get(path).json
    let written = program.send(
      .patch, path, .object(["companies": read["companies"] ?? .null, "city": "Athens", "version": read["version"] ?? .null]))
    #expect(written.status == 200 && companies(of: contact.id) == ["Hidden Ltd", "Mine Ltd"], "\(written.text)")
    // Its own company becomes the main one.
    #expect(program.send(.patch, path, .object(["companies": .array([place(mine, isPrimary: true)])])).status == 200)
    #expect(companies(of: contact.id) == ["Mine Ltd", "Hidden Ltd"])
    // Its own company is removed from a version to which somebody else has added one that it can't see either.
    let version = program.get(path).json["version"] ?? .null
    let other = try admin.make("Other Ltd", in: "companies").id
    #expect(admin.send(.patch, path, .object(["companies": .array([mine, hidden, other].map { place($0) })])).status == 200)
    #expect(program.send(.patch, path, .object(["companies": .array([]), "version": version])).status == 200)
    #expect(companies(of: contact.id) == ["Hidden Ltd", "Other Ltd"] && companies(of: contact.id, by: program).isEmpty)
    #expect(program.send(.patch, path, .object(["companies": .array([])])).status == 200)
    #expect(companies(of: contact.id) == ["Hidden Ltd", "Other Ltd"])
  }

  @Test func `what a task is about stays although its writer can't see it`() throws {
    try grant("contacts=read_own companies=none tasks=write")
    let (hidden, mine) = (try contact("Hidden", of: []).id, try contact("Mine", of: []).id)
    try own(mine, in: "contacts")
    let task = admin.send(.post, "/tasks", .object(["title": "Call", "about": .array([.string(hidden)])])).id
    func about() -> Set<String> { Set(admin.get("/tasks/\(task)").json["about"]?.array?.compactMap(\.string) ?? []) }
    #expect(program.get("/tasks/\(task)").json["about"] == .array([]))
    for (sent, expected) in [([mine], [hidden, mine]), ([mine], [hidden, mine]), ([], [hidden])] {
      let answer = program.send(.patch, "/tasks/\(task)", .object(["about": .array(sent.map { .string($0) })]))
      #expect(answer.status == 200 && about() == Set(expected), "\(answer.text)")
    }
  }

  @Test func `a single reference that reads as nothing stays when nothing is sent back, and can be replaced`() {
    let kind = ReferenceField(to: .contact)
    let stored = FieldValue.reference(id: "hidden", name: "Hidden")
    #expect(kind.keepingHidden(of: stored, seen: .empty, in: .empty).isSame(as: stored))
    #expect(kind.keepingHidden(of: stored, seen: .empty, in: .text("mine")) == .text("mine"))
  }

  // MARK: Histories

  /// A contact whose history names a company, a participant and a file.
  private func eventful() throws -> String {
    let hidden = try admin.make("Hidden Ltd", in: "companies").id
    let contact = try contact("Ann", of: [])
    admin.send(.patch, "/contacts/\(contact.id)", .object(["companies": .array([place(hidden)])]))
    let party: JSON = .object(["type": "company", "id": .string(hidden)])
    let call = admin.send(.post, "/contacts/\(contact.id)/interactions", .object(["type": "call", "parties": .array([party])]))
    #expect(call.status == 201, "\(call.text)")
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/\(contact.id)")
    #expect(owner.post("/admin/crm/contacts/\(contact.id)/files", files: [.init("Secret.txt", "Words")]).status == 303)
    return contact.id
  }

  private func changes(_ page: Response) -> String { page.page.all("//dl[@class='diff']").map(\.text).joined(separator: "\n") }

  @Test func `a history tells that fields have changed, and no names of what is hidden`() throws {
    let contact = try eventful()
    let owner = changes(try office.visitor(.owner).get("/admin/crm/contacts/\(contact)/events"))
    for name in ["Hidden Ltd", "Secret.txt"] { #expect(owner.contains(name)) }
    #expect(!owner.contains("Not visible to you"))
    let visitor = try office.visitor(.manager)
    for (rights, seen, hidden) in [
      ("contacts=write companies=none files=none", [], ["Hidden Ltd", "Secret.txt"]),
      ("contacts=write companies=read_own files=read_own", ["Secret.txt"], ["Hidden Ltd"]),
      ("contacts=write companies=read tasks=read files=none", ["Hidden Ltd"], ["Secret.txt"]),
    ] {
      try grant(rights + " activity=read")
      let pages = ["/admin/crm/contacts/\(contact)/events", "/admin/crm/activity?type=contact"].map { changes(visitor.get($0)) }
      let texts = pages + [visitor.get("/admin/crm/activity/export.csv?type=contact").text]
      for text in texts {
        for name in seen { #expect(text.contains(name), "\(rights): \(text)") }
        for name in hidden { #expect(!text.contains(name), "\(rights): \(text)") }
        for label in ["Companies", "Participants", "File", "Not visible to you"] { #expect(text.contains(label), "\(rights): \(text)") }
      }
    }
  }

  @Test func `what a history hides isn't shown by putting it back`() throws {
    let contact = try eventful()
    admin.send(.patch, "/contacts/\(contact)", .object(["companies": .array([])]))
    let visitor = try office.visitor(.manager)
    let page = visitor.get("/admin/crm/contacts/\(contact)/events")
    #expect(page.page.all("//form[@class='revert']").isEmpty)
    let entries = try office.store.read { db in
      try db.all("SELECT seq FROM activity WHERE before IS NOT NULL AND action = 'contact.updated'") { $0.int(0) }
    }
    #expect(entries.count == 2)
    for entry in entries {
      let answer = visitor.post("/admin/crm/contacts/\(contact)/events/\(entry)/revert", [:])
      #expect(answer.status == 303 && !answer.text.contains("Hidden Ltd"))
      let page = visitor.get(answer.location).text
      #expect(
        page.contains(entry == entries.last ? "names records that you can’t see" : "Nothing to change") && !page.contains("Hidden Ltd"))
    }
    #expect(companies(of: contact).isEmpty)
  }

  // MARK: Type-aheads and participants

  /// A contact of the program's own, with a job, in a company of somebody else.
  private func employee() throws -> String {
    let hidden = try admin.make("Zephyr Ltd", in: "companies").id
    let contact = try contact("Ann Archer", of: [hidden]).id
    let channel: JSON = .object(["type": "email", "value": "ann@example.org"])
    let changed = admin.send(.patch, "/contacts/\(contact)", .object(["job_title": "Pilot", "channels": .array([channel])]))
    #expect(changed.status == 200, "\(changed.text)")
    try own(contact, in: "contacts")
    return contact
  }

  @Test func `details of those who are offered or took part leave out a hidden company`() throws {
    let (contact, other) = (try employee(), try admin.make("Bob Baker").id)
    let party: JSON = .object(["type": "contact", "id": .string(contact)])
    let call: JSON = .object(["type": "call", "parties": .array([party])])
    let owner = admin.send(.post, "/contacts/\(other)/interactions", call)
    #expect(owner.text.contains("Pilot · Zephyr Ltd"), "\(owner.text)")
    try grant("contacts=write companies=read_own tasks=write")
    let (visitor, colleague) = (try office.visitor(.manager), try office.visitor(.admin))
    let addresses = [
      "/admin/crm/contacts/suggestions.json?q=ann", "/admin/crm/contacts/existing.json?q=ann%40example.org",
      "/admin/crm/parties.json?q=ann",
      "/admin/crm/tasks/about.json?q=ann",
    ]
    for address in addresses {
      #expect(colleague.get(address).text.contains("Pilot · Zephyr Ltd"), "\(address)")
      let text = visitor.get(address).text
      #expect(text.contains("\"Pilot\"") && !text.contains("Zephyr"), "\(text)")
    }
    // What took part keeps the words of its day.
    let read = program.get("/contacts/\(other)/interactions")
    #expect(read.text.contains("Ann Archer") && !read.text.contains("Zephyr"), "\(read.text)")
    #expect(!visitor.get("/admin/crm/contacts/\(other)/interactions").text.contains("Zephyr"))
    let logged = program.send(.post, "/contacts/\(other)/interactions", call)
    #expect(logged.status == 201)
    let frozen = try office.store.read { db in try db.all("SELECT details FROM interaction_parties ORDER BY interaction") { $0.text(0) } }
    #expect(frozen == ["Pilot · Zephyr Ltd", "Pilot"])
    // Their own company may be named.
    try grant("contacts=write companies=read")
    #expect(visitor.get(addresses[0]).text.contains("Pilot · Zephyr Ltd"))
  }

  @Test func `a participant who can't be seen has no id, and stays when it is sent back`() throws {
    let (hidden, contact) = (try admin.make("Hidden Ltd", in: "companies").id, try admin.make("Bob Baker").id)
    let party: JSON = .object(["type": "company", "id": .string(hidden)])
    let path = "/contacts/\(contact)/interactions"
    let call = admin.send(.post, path, .object(["type": "call", "parties": .array([party])])).id
    let seen = program.get("\(path)/\(call)")
    #expect(seen.json["parties"]?.array?.first?["id"] == .null && !seen.text.contains(hidden), "\(seen.text)")
    #expect(!program.get(path).text.contains(hidden))
    let back: JSON = .object(["type": "company", "id": .null, "name": "Hidden Ltd"])
    let words: JSON = .object(["type": "text", "name": "Her brother"])
    let saved = program.send(.patch, "\(path)/\(call)", .object(["parties": .array([back, words])]))
    #expect(saved.status == 200, "\(saved.text)")
    let parties = admin.get("\(path)/\(call)").json["parties"]?.array
    #expect(parties?.count == 2 && parties?.first?["id"]?.string == hidden)
    // A name that nobody there has can't be guessed.
    let guess: JSON = .object(["type": "company", "name": "Other Ltd"])
    #expect(program.send(.patch, "\(path)/\(call)", .object(["parties": .array([guess])])).status == 422)
  }

  // MARK: Lists

  @Test func `a hidden company of a contact can't be filtered, sorted or searched by`() throws {
    let contact = try employee()
    let visitor = try office.visitor(.manager)
    func found(_ query: String, by reader: TestProgram) -> [String]? {
      reader.get("/contacts?\(query)").json["items"]?.array?.compactMap { $0["id"]?.string }
    }
    let asked = ["filter=company%20begins_with%20zep", "filter=company%20is_not_empty", "filter=companies%20is_not_empty", "sort=company"]
    let searched = ["q=zephyr", "q=zeph", "q=archer%20zephyr", "q=zephir", "q=zefyr", "q=zephyr&filter=city%20is_empty"]
    for rights in ["contacts=write companies=none", "contacts=read companies=read_own", "contacts=read_own companies=read_own"] {
      try grant(rights)
      for query in asked {
        #expect(found(query, by: admin) == [contact])
        #expect(program.get("/contacts?\(query)").status == 400, "\(rights) \(query)")
        #expect(visitor.get("/admin/crm/contacts?\(query)").status == 400)
      }
      for query in searched {
        #expect(found(query, by: admin) == [contact], "\(query)")
        #expect(found(query, by: program) == [], "\(rights) \(query)")
        for page in ["/admin/crm/contacts?", "/admin/crm/search?", "/admin/crm/search.json?", "/admin/crm/contacts/suggestions.json?"] {
          #expect(!visitor.get(page + query).text.contains("Ann Archer"), "\(rights) \(page)\(query)")
        }
      }
      for query in ["q=archer", "q=pil", "q=ann%20archer"] { #expect(found(query, by: program) == [contact], "\(rights) \(query)") }
      let heading = visitor.get("/admin/crm/contacts").page.first("//th[contains(@class, 'c-company')]//a")
      #expect(heading == nil)
    }
    try grant("contacts=write companies=read")
    for query in asked + searched { #expect(found(query, by: program) == [contact], "\(query)") }
  }

  @Test func `what is found of one's own doesn't depend on what others have`() throws {
    try grant("contacts=read_own companies=read_own")
    let mine = try admin.make("Margarita Kallas").id
    try own(mine, in: "contacts")
    func found(_ q: String) -> Int? { program.get("/contacts?q=\(q)").json["items"]?.array?.count }
    let queries = ["margarita", "margarrita", "margraita", "marga", "kalas"]
    let before = queries.map(found)
    #expect(before[0] == 1 && before[1] == 1)
    // What would be found by a slip of its letters alone: only where nobody has a word of just these.
    for name in ["Margraita", "Margarrita"] + (0..<60).map({ "Margarita \($0)" }) { _ = try admin.make(name) }
    #expect(queries.map(found) == before)
  }
}
