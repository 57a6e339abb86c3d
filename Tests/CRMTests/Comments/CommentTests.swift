import Base
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Comments on records, mentions, and the inbox.
@Suite struct CommentTests {
  let office: TestApp
  let owner: TestClient
  private let queries: QueryCounter

  init() throws {
    let queries = QueryCounter()
    self.queries = queries
    office = try TestApp(trace: { _ in queries.add() })
    owner = try office.visitor(.owner)
  }

  private func record(_ list: String = "contacts", _ name: String = "Ann Archer") throws -> String {
    owner.get("/admin/crm/\(list)/new")
    let response = owner.post("/admin/crm/\(list)", ["name": name, "status": "active"])
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  @discardableResult
  private func say(_ body: String, on record: String, answering parent: String = "", by visitor: TestClient? = nil) throws -> String {
    let visitor = visitor ?? owner
    visitor.get(record + "/comments")
    var response = visitor.post(record + "/comments", ["body": body, "parent": parent])
    let plain = response.page.all("//input[@name='plain']").map { ("plain", $0["value"] ?? "") }
    if !plain.isEmpty {
      response = visitor.post(record + "/comments", [("body", body), ("parent", parent), ("csrf_token", visitor.lastToken)] + plain)
    }
    try #require(response.status == 303, "\(response.text)")
    return try #require(try value("SELECT id FROM comments ORDER BY seq DESC LIMIT 1"))
  }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }
  private func count(_ sql: SQL) throws -> Int? { try office.store.read { try $0.value(sql) } }
  private func main(_ response: Response) -> String { response.page.first("//main")?.text ?? "" }
  private func bodies(_ response: Response) -> [String] { response.page.all("//div[@class='prose']").map(\.text) }

  @Test func `threads read from the newest, answers below what they answer`() throws {
    let ann = try record()
    let first = try say("first", on: ann)
    let second = try say("second", on: ann)
    let answer = try say("to first", on: ann, answering: first)
    try say("to second", on: ann, answering: second)
    try say("to first again", on: ann, answering: first)
    try say("to the answer", on: ann, answering: answer)
    let page = owner.get(ann + "/comments")
    #expect(bodies(page) == ["second", "to second", "first", "to first", "to the answer", "to first again"])
    #expect(page.page.all("//li[contains(@class, 'depth-2')]").count == 1)
    #expect(main(owner.get(ann + "/events")).contains("Commented"))
  }

  @Test func `what is deleted goes, and stays as a line while something below it stands`() throws {
    let ann = try record()
    let first = try say("first", on: ann)
    let answer = try say("answer", on: ann, answering: first)
    owner.post(ann + "/comments/\(first)/delete", [:])
    #expect(main(owner.get(ann + "/comments")).contains("This comment was deleted."))
    owner.post(ann + "/comments/\(answer)/delete", [:])
    let page = owner.get(ann + "/comments")
    #expect(bodies(page).isEmpty && !main(page).contains("This comment was deleted."))
    #expect(page.text.contains(ann + "/comments/\(answer)/undelete"))
    owner.post(ann + "/comments/\(answer)/undelete", [:])
    #expect(bodies(owner.get(ann + "/comments")) == ["answer"])
    #expect(main(owner.get(ann + "/events")).contains("Restored a comment"))
  }

  @Test func `only who wrote a comment changes it; who may do everything deletes it too`() throws {
    let ann = try record()
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let john = try office.visitor(.manager, name: "John Manager")
    let comment = try say("Mary’s", on: ann, by: mary)
    john.get(ann + "/comments")
    #expect(!john.get(ann + "/comments").text.contains("edit=\(comment)"))
    #expect(john.post(ann + "/comments/\(comment)", ["body": "John’s", "version": "1"]).status == 403)
    #expect(john.post(ann + "/comments/\(comment)/delete", [:]).status == 403)
    owner.get(ann + "/comments")
    #expect(owner.post(ann + "/comments/\(comment)", ["body": "Olga’s", "version": "1"]).status == 403)
    mary.get(ann + "/comments")
    #expect(mary.post(ann + "/comments/\(comment)", ["body": "Mary’s own", "version": "1"]).status == 303)
    #expect(main(mary.get(ann + "/comments")).contains("edited"))
    #expect(owner.post(ann + "/comments/\(comment)/delete", [:]).status == 303)
  }

  @Test(arguments: [
    ("", "Write a comment first."), (String(repeating: "x", count: 10_001), "At most 10,000 characters."),
    (" \u{7}\u{200B} ", "Write a comment first."),
  ])
  func `what is wrong is said, and nothing typed is lost`(body: String, message: String) throws {
    let ann = try record()
    owner.get(ann + "/comments")
    let response = owner.post(ann + "/comments", ["body": body])
    #expect(response.status == 422)
    #expect(main(response).contains(message), "\(main(response))")
    #expect(try count("SELECT count(*) FROM comments") == 0)
  }

  @Test func `two windows don't write over each other`() throws {
    let ann = try record()
    let comment = try say("first", on: ann)
    owner.get(ann + "/comments?edit=\(comment)")
    #expect(owner.post(ann + "/comments/\(comment)", ["body": "second", "version": "1"]).status == 303)
    let stale = owner.post(ann + "/comments/\(comment)", ["body": "third", "version": "1"])
    #expect(stale.status == 409)
    #expect(main(stale).contains("Changed in another window to “second”"))
    #expect(stale.text.contains(">third</textarea>"))
    #expect(stale.page.first("//input[@name='version']")?["value"] == "2")
  }

  @Test func `what answers something that is gone is kept and asked about`() throws {
    let ann = try record()
    let first = try say("first", on: ann)
    owner.post(ann + "/comments/\(first)/delete", [:])
    let response = owner.post(ann + "/comments", ["body": "Kept words", "parent": first])
    #expect(response.status == 422)
    #expect(main(response).contains("was deleted in the meantime"))
    #expect(response.text.contains("Kept words</textarea>"))
  }

  @Test func `a comment belongs to its record and nowhere else`() throws {
    let ann = try record()
    let bob = try record("contacts", "Bob")
    let comment = try say("Ann’s", on: ann)
    owner.get(bob + "/comments")
    for path in ["", "/delete", "/undelete"] {
      #expect(owner.post(bob + "/comments/\(comment)\(path)", ["body": "x", "version": "1"]).status == 404)
    }
    #expect(owner.post(bob + "/comments", ["body": "x", "parent": comment]).status == 404)
    #expect(owner.get(bob + "/comments?edit=\(comment)").status == 404)
    #expect(throws: (any Error).self) {
      try office.store.write { db in
        _ = try db.run(
          """
          INSERT INTO comments (seq, id, record_id, thread, parent_id, author_name, body, created_at)
          SELECT 99, 'x', id, 1, \(comment), 'x', 'x', 'x' FROM contacts WHERE name = 'Bob'
          """)
      }
    }
  }

  @Test func `a record in the trash can be read and not talked about`() throws {
    let ann = try record()
    try say("first", on: ann)
    owner.post(ann + "/trash", [:])
    let page = owner.get(ann + "/comments")
    #expect(bodies(page) == ["first"])
    #expect(page.page.first("//textarea") == nil)
    let response = owner.post(ann + "/comments", ["body": "Kept words"])
    #expect(response.status == 422)
    #expect(response.text.contains("Kept words</textarea>"))
    let comment = try #require(try value("SELECT id FROM comments"))
    owner.post(ann + "/comments/\(comment)/delete", [:])
    #expect(main(owner.get(ann + "/comments")).contains("Restore it first."))
    #expect(bodies(owner.get(ann + "/comments")) == ["first"])
  }

  @Test func `what is saved as it was is not edited, and another's form is nobody's`() throws {
    let ann = try record()
    let comment = try say("first", on: ann)
    owner.get(ann + "/comments?edit=\(comment)")
    #expect(owner.post(ann + "/comments/\(comment)", ["body": "first", "version": "1"]).status == 303)
    #expect(!main(owner.get(ann + "/comments")).contains("edited"))
    #expect(try count("SELECT count(*) FROM activity WHERE action = 'comment.edited'") == 0)
    #expect(try office.visitor(.manager).get(ann + "/comments?edit=\(comment)").status == 403)
  }

  @Test func `a form that was posted after the session ended comes back filled in`() throws {
    let ann = try record()
    owner.get(ann + "/comments")
    office.wait(seconds: 40 * 24 * 3600)
    owner.post(ann + "/comments", ["body": "Kept words"])
    owner.get("/sign-in")
    let email = try #require(try value("SELECT email FROM users"))
    #expect(
      owner.get(owner.post("/sign-in", ["email": email, "password": TestApp.password]).location).text.contains("Kept words</textarea>"))
    #expect(try count("SELECT count(*) FROM comments") == 0)
  }

  @Test(arguments: ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "@[<b>x</b>](user:1)"])
  func `markup in a comment is text`(body: String) throws {
    let ann = try record()
    try say(body, on: ann)
    let page = owner.get(ann + "/comments")
    for bad in ["<script>alert", "javascript:alert(1)\"", "<img src=x", "<b>x"] { #expect(!page.text.contains(bad)) }
  }

  // MARK: Mentions

  @Test func `who is called by address or by name finds it in the inbox`() throws {
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let address = try #require(try value("SELECT email FROM users WHERE name = 'Mary Manager'"))
    let ann = try record()
    try say("Ask @\(address). And @\"mary manager\" again, @nobody@example.com and me@example.com.", on: ann)
    let page = owner.get(ann + "/comments")
    #expect(page.page.all("//span[@class='mention']").map(\.text) == ["Mary Manager", "Mary Manager"])
    #expect(main(page).contains("@nobody@example.com and me@example.com."))
    #expect(try count("SELECT count(*) FROM notifications") == 1, "once per comment")
    #expect(mary.get("/admin/crm").page.first("//span[@class='bell-count']")?.text == "1")
    let inbox = mary.get("/admin/inbox")
    #expect(main(inbox).contains("Olga Owner mentioned you on Ann Archer"))
    #expect(main(inbox).contains("Ask @Mary Manager. And"))
    let line = try #require(inbox.page.first("//a[contains(@href, '/admin/inbox/')]")?["href"])
    #expect(mary.get(line).location.contains(ann + "/comments?at="))
    #expect(mary.get("/admin/crm").page.first("//span[@class='bell-count']") == nil)
    #expect(owner.get(line).status == 404, "another's")
    let comment = try #require(try value("SELECT id FROM comments"))
    let form = owner.get(ann + "/comments?edit=\(comment)")
    #expect(form.text.contains("Ask @\(address). And @\(address) again"), "as it is typed")
  }

  @Test func `who is answered is told, and nobody of their own words`() throws {
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let ann = try record()
    let comment = try say("Mary’s", on: ann, by: mary)
    let own = try say("Mary’s again", on: ann, answering: comment, by: mary)
    try say("Olga’s", on: ann, answering: own)
    #expect(try value("SELECT group_concat(reason) FROM notifications") == "reply")
    #expect(main(mary.get("/admin/inbox")).contains("Olga Owner replied to you on Ann Archer"))
    mary.post("/admin/inbox/read", [:])
    #expect(mary.get("/admin/inbox").page.first("//span[@class='bell-count']") == nil)
    #expect(main(owner.get("/admin/inbox")).contains("You’re all caught up"))
  }

  @Test func `nobody is told of what they may not see, or what is gone`() throws {
    let factory = try office.visitor(.factory, name: "Fred Factory")
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let ann = try record()
    let comment = try say("@\"Fred Factory\" @\"Mary Manager\"", on: ann)
    #expect(try count("SELECT count(*) FROM notifications") == 1)
    #expect(main(factory.get("/admin/inbox")).contains("You’re all caught up"))
    #expect(main(mary.get("/admin/inbox")).contains("mentioned you"))
    owner.post(ann + "/trash", [:])
    #expect(main(mary.get("/admin/inbox")).contains("You’re all caught up"))
    #expect(mary.get("/admin/inbox").page.first("//span[@class='bell-count']") == nil)
    owner.post(ann + "/restore", [:])
    #expect(main(mary.get("/admin/inbox")).contains("mentioned you"))
    owner.get(ann)
    owner.post(ann + "/comments/\(comment)/delete", [:])
    #expect(main(mary.get("/admin/inbox")).contains("You’re all caught up"))
  }

  @Test func `who may see no records any more finds nothing of them in the inbox`() throws {
    let mary = try office.visitor(.manager, name: "Mary Manager")
    mary.get("/admin/crm/contacts/new")
    let hers = mary.post("/admin/crm/contacts", ["name": "Hers", "status": "active"]).location
    try say("The secret, @\"Mary Manager\"", on: hers)
    let line = try #require(mary.get("/admin/inbox").page.first("//a[contains(@href, '/admin/inbox/')]")?["href"])
    try office.store.write { db in
      _ = try db.run("UPDATE user_roles SET role_id = \(Role.member.id) WHERE user_id = (SELECT id FROM users WHERE name = 'Mary Manager')")
    }
    let inbox = mary.get("/admin/inbox")
    #expect(!inbox.text.contains("secret") && !inbox.text.contains("Hers"))
    #expect(inbox.page.first("//span[@class='bell-count']") == nil)
    #expect(mary.get(line).status == 404)
  }

  @Test func `what was hidden while all was marked as read is new when it comes back`() throws {
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let ann = try record()
    try say("@\"Mary Manager\"", on: ann)
    owner.get(ann)
    owner.post(ann + "/trash", [:])
    mary.get("/admin/inbox")
    mary.post("/admin/inbox/read", [:])
    owner.post(ann + "/restore", [:])
    #expect(mary.get("/admin/inbox").page.first("//span[@class='bell-count']")?.text == "1")
  }

  @Test func `a forged mention bears its user's real name`() throws {
    let id = try #require(try value("SELECT id FROM users"))
    let ann = try record()
    try say("@[The Boss](user:\(id)) and @[Ghost](user:019ac21b-e398-77c6-bb9f-3228744a32bb)", on: ann)
    #expect(owner.get(ann + "/comments").page.all("//span[@class='mention']").first?.text == "Olga Owner")
    #expect(try value("SELECT body FROM comments")?.contains("The Boss") == false)
  }

  @Test func `any text is kept as it is, save the calls in it`() throws {
    var random = SplitMix(seed: 0xC0_0001)
    let pieces = [
      "@", "@\"", "\"", "@[", "](user:", ")", "a@b.c", " ", "\n", "é", "@@", "@x@y.z", "(", "019ac21b-e398-77c6-bb9f-3228744a32bb",
    ]
    try office.store.read { (db: Database) throws -> Void in
      for _ in 0..<2_000 {
        let text = random.items(1 + random.below(12), of: pieces).joined()
        #expect(try Mentions.keep(text, in: db).text == text)
        #expect(try Mentions.typed(text, in: db) == text)
      }
    }
  }

  @Test func `mentions are found in text of any dress, and not in code or links`() throws {
    _ = try office.visitor(.manager, name: "Mary Manager")
    let address = try office.id("SELECT email FROM users WHERE name = 'Mary Manager'")
    let id = try office.id("SELECT id FROM users WHERE name = 'Mary Manager'")
    let mention = "@[Mary Manager](user:\(id))"
    func kept(_ text: String) throws -> (text: String, users: [RecordID], failed: [String]) {
      try office.store.read { db in try Mentions.keep(text, in: db) }
    }
    for pattern in [
      "**%**", "_%_", "~~%~~", "cc:%", "%'s turn", "%’s turn", "> %", "- %", "(%)", "a,%", "# %", "| a |\n|---|\n| % |", "%\n%",
    ] {
      for call in ["@" + address, "@\"Mary Manager\"", "@mary", "@Manager"] {
        #expect(try kept(pattern.replacing("%", with: call)).text == pattern.replacing("%", with: mention), "\(pattern) \(call)")
      }
    }
    for pattern in ["`%`", "``a % b``", "```\n%\n```", "    %", "<b title=\"%\">", "[a % b](https://example.com)", "~~~\n%"] {
      let text = pattern.replacing("%", with: "@" + address)
      #expect(try kept(text).text == text && kept(text).users.isEmpty && kept(text).failed.isEmpty, "\(pattern)")
    }
    #expect(try kept("@" + address + " `@" + address + "`").text == mention + " `@" + address + "`")
    #expect(try kept("@nobody, `@none` and @mary: @\"Mary\" @x@example.com").failed == ["@nobody", "@\"Mary\"", "@x@example.com"])
  }

  @Test func `a mention of nobody is asked about before the comment is sent`() throws {
    let ann = try record()
    owner.get(ann + "/comments")
    let asked = owner.post(ann + "/comments", ["body": "Ask @nobody and @x@example.com"])
    #expect(asked.status == 422 && main(asked).contains("Not one clear match for @nobody, @x@example.com."))
    #expect(try count("SELECT count(*) FROM comments") == 0)
    let plain = asked.page.all("//input[@name='plain']").map { ("plain", $0["value"] ?? "") }
    #expect(plain.map(\.1) == ["@nobody", "@x@example.com"])
    let token = ("csrf_token", owner.lastToken)
    let other = owner.post(ann + "/comments", [("body", "Ask @somebody else"), token] + plain)
    #expect(other.status == 422)
    #expect(owner.post(ann + "/comments", [("body", "Ask @nobody and @x@example.com"), token] + plain).status == 303)
    #expect(try count("SELECT count(*) FROM comments WHERE body = 'Ask @nobody and @x@example.com'") == 1)
  }

  @Test func `who calls many looks the names up once`() throws {
    _ = try office.visitor(.manager, name: "Mary Manager")
    func cost(_ calls: Int) throws -> Int {
      let before = queries.count
      let text = String(repeating: "@\"Mary Manager\" @\"Nobody\" ", count: calls)
      #expect(try office.store.read { db in try Mentions.keep(text, in: db) }.users.count == 1)
      return queries.count - before
    }
    #expect(try cost(100) == cost(1))
  }

  // MARK: Many

  @Test func `pages of threads leave nothing out, in the same few queries`() throws {
    let ann = try record()
    let root = try say("0", on: ann)
    func cost() -> Int {
      let before = queries.count
      owner.get(ann + "/comments")
      return queries.count - before
    }
    owner.get(ann + "/comments")
    let few = cost()
    for n in 1..<55 { try say("\(n)", on: ann) }
    for n in 0..<40 { try say("answer \(n)", on: ann, answering: root) }
    owner.get(ann + "/comments")
    #expect(cost() == few)
    var seen: [String] = []
    var next: String? = ann + "/comments"
    while let page = next {
      let response = owner.get(page)
      seen += bodies(response)
      next = response.page.all("//nav[@class='timeline-more']/a").first { $0["rel"] == "next" }?["href"]
    }
    #expect(seen == (0..<55).reversed().map(String.init) + (0..<40).map { "answer \($0)" })
    #expect(bodies(owner.get(ann + "/comments?at=\(root)")).first == "0", "an old one is found on its page")
  }

  @Test func `a walk of answers without end ends`() throws {
    let now = office.now
    let ids = (0..<5_000).map { _ in RecordID.make(at: now) }
    let comments = ids.enumerated().map { n, id in
      Comment(
        seq: n + 1, id: id, thread: 1, parent: n == 0 ? nil : ids[n - 1], authorID: nil, authorName: "A\(n)", body: "x", version: 1,
        createdAt: "", editedAt: nil, isDeleted: n < 4_999)
    }
    let placed = PlacedComment.arrange(comments)
    #expect(placed.count == 5_000)
    #expect(placed.last?.depth == PlacedComment.deepest)
    #expect(placed.last?.answers == "A4998")
    #expect(
      PlacedComment.arrange(
        comments.map {
          Comment(
            seq: $0.seq, id: $0.id, thread: 1, parent: $0.parent, authorID: nil, authorName: "", body: "x", version: 1, createdAt: "",
            editedAt: nil, isDeleted: true)
        }
      ).isEmpty)
  }

  @Test func `pages of comments and of the inbox`() throws {
    let ann = try record()
    assertSnapshot(of: owner.get(ann + "/comments"), named: "comments/empty")
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let first = try say("Please call **her**, @\"Mary Manager\".", on: ann)
    try say("Done.", on: ann, answering: first, by: mary)
    owner.get(ann + "/comments")
    assertSnapshot(of: owner.get(ann + "/comments"), named: "comments/thread")
    assertSnapshot(of: owner.get(ann + "/comments?reply=\(first)"), named: "comments/replying")
    assertSnapshot(of: owner.get(ann + "/comments?edit=\(first)"), named: "comments/editing")
    assertSnapshot(of: owner.post(ann + "/comments", ["body": ""]), named: "comments/failed")
    owner.get(ann + "/comments")
    owner.post(ann + "/comments/\(first)/delete", [:])
    owner.get(ann + "/comments")
    assertSnapshot(of: owner.get(ann + "/comments"), named: "comments/deleted")
    assertSnapshot(of: owner.get("/admin/inbox"), named: "inbox/answered")
    assertSnapshot(of: try office.visitor(.member).get("/admin/inbox"), named: "inbox/empty")
  }
}
