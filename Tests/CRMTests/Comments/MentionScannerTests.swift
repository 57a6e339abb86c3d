import Base
import Markdown
import Store
import Testing

@testable import Admin
@testable import CRM

struct MentionScannerTests {
  private static let id = "0190b2c4-8f3a-7000-8000-000000000001"

  private func calls(_ text: String) -> [MentionScanner.Who] {
    let calls = MentionScanner.calls(in: text, onlyAtWords: true).calls
    #expect(MentionScanner.replace(calls, in: text) { _ in nil } == text)
    return calls.map(\.who)
  }

  @Test func `people are called by address, by name in quotes and by what is kept`() throws {
    let id = try #require(RecordID(Self.id))
    #expect(
      calls("@a@x.example, (@b@x.example) @\"Ann Archer\"! @[Bob](user:\(Self.id)). me@x.example @c@x.example.")
        == [.address("a@x.example"), .address("b@x.example"), .name("Ann Archer"), .id(id), .address("c@x.example")])
    #expect(calls("@ @@ @[ @[a @[a] @[a](user: @[a](user:\(Self.id) @[](user:x) @\"\" @\"a\nb\" @x@ @@x").isEmpty)
    #expect(
      calls("cc:@a@x.example,@b@x.example/@c@x.example **@d@x.example** @e@x.example's _@f@x.example_—@g@x.example’s")
        == ["a", "b", "d", "e", "f", "g"].map { .address($0 + "@x.example") })
    #expect(calls("@maria, 5 @ 3, @5, @Άννα: a@b, x.@maria") == [.word("maria"), .word("Άννα")])
    #expect(calls("@[two\nlines](user:\(Self.id))").isEmpty)
    #expect(calls("@\"" + String(repeating: "n", count: 256) + "\"").isEmpty)
    #expect(calls("@\"" + String(repeating: "n", count: 255) + "\"").count == 1)
    let text = "hi @\"Ann\" and @\"Bob\""
    #expect(
      MentionScanner.replace(MentionScanner.calls(in: text, onlyAtWords: true).calls, in: text) { $0 == 0 ? "<ANN>" : nil }
        == "hi <ANN> and @\"Bob\"")
  }

  @Test(arguments: [
    "@[", "@", "@[a](user:", "@[a](user:\(id))", "@\"", "@\"a", "@a", "@a@", "@[[", "@[]", "](", "@[a]", "[", "@a@b", "@\"a\" ",
    "@" + String(repeating: "x", count: 63), "@x@" + String(repeating: "y", count: 189), "(@", "@[a](user:0",
  ]) func `what a text costs grows with its length, whatever it is`(piece: String) {
    for count in [500, 5_000] {
      let text = String(repeating: piece, count: count)
      let (_, steps) = MentionScanner.calls(in: text, onlyAtWords: true)
      #expect(steps <= 8 * text.unicodeScalars.count + 300, "\(steps) for \(text.unicodeScalars.count)")
    }
  }

  @Test func `of one text a hundred calls are looked up, each person once for its form`() throws {
    let counter = QueryCounter()
    let office = try TestApp(trace: { _ in counter.add() })
    _ = try office.visitor(.owner)
    let user = try office.id("SELECT id FROM users")
    let text = String(repeating: "@[a](user:\(user)) @nobody@x.example ", count: 300)
    try office.store.write { db in
      let before = counter.count
      let kept = try Mentions.keep(text, in: db)
      #expect(kept.users.count == 1)
      #expect(counter.count - before == 100)
      let half = counter.count
      _ = try Mentions.typed(kept.text, in: db)
      #expect(counter.count - half == 1)
    }
  }
}
