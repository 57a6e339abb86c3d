@testable import Admin
import CRM
import TestKit
import Testing

/// Filters as written in URLs.
@Suite struct PredicateTests {
  @Test(arguments: [
    ("city is Athens", "city is Athens"),
    ("city is \"Αθήνα\" and (status is active or birthday is_empty)", "(birthday is_empty or status is active) and city is Αθήνα"),
    ("city is \"New York\",Athens,Athens", "city is Athens,\"New York\""),
    ("  not   city   is  Athens ", "city is_not Athens"),
    ("not not birthday is_empty", "birthday is_empty"),
    ("not (a is b and c is d)", "not (a is b and c is d)"),
    ("a is b and (c is d and e is f)", "a is b and c is d and e is f"),
    ("a is b or c is d and e is f", "a is b or c is d and e is f"),
    ("(a is b or c is d) and a is b", "a is b and (a is b or c is d)"),
    ("a is b and a is b", "a is b"),
    ("contacts between 1,5", "contacts between 1,5"),
    ("name is \"and\"", "name is \"and\""),
    ("name is and", "name is \"and\""),
    ("name is \"say \"\"hi\"\"\"", "name is \"say \"\"hi\"\"\""),
    ("name is \"\"", "name is \"\""),
    ("web is https://example.com/a", "web is https://example.com/a"),
  ])
  func `a filter has one way to be written`(typed: String, written: String) throws {
    let predicate = try Predicate(parsing: typed)
    #expect(predicate.text == written)
    #expect(try Predicate(parsing: written) == predicate)
  }

  @Test(arguments: [
    "", " ", "city", "city is", "city is Athens and", "and city is Athens", "city is Athens or or a is b", "(city is Athens",
    "city is Athens)", "city = Athens", "city is Athens Rome", "city is 'Athens'", "city is \"Athens", "city is Athens,", "is is", "not",
    "()", "city is Athens; status is active", "contacts between 1", "contacts between 1,2,3", "birthday is_empty x", "city is (Athens)",
    "city is_a Athens", "\"city\" is Athens", "city \"is\" Athens", "city\nis Athens",
  ])
  func `what is no filter is refused`(typed: String) {
    #expect(throws: InvalidFilter.self) { try Predicate(parsing: typed) }
  }

  @Test func `a filter is bounded in length, depth, conditions and values`() throws {
    func error(_ text: String) -> InvalidFilter? {
      do { _ = try Predicate(parsing: text) } catch { return error }
      return nil
    }
    func nested(_ depth: Int) -> String { String(repeating: "(", count: depth) + "a is b" + String(repeating: ")", count: depth) }
    func several(_ n: Int) -> String { (0..<n).map { "a is v\($0)" }.joined(separator: " or ") }
    #expect(error(nested(7)) == nil)
    #expect(error(nested(8)) == .tooDeep)
    #expect(error(String(repeating: "not ", count: 300) + "a is b") == .tooDeep)
    #expect(error(several(30)) == nil)
    #expect(error(several(31)) == .tooManyConditions)
    #expect(error("a is " + (0..<60).map(String.init).joined(separator: ",")) == nil)
    #expect(error("a is " + (0..<61).map(String.init).joined(separator: ",")) == .tooManyValues)
    #expect(error("a is " + String(repeating: "x", count: 1_995)) == nil)
    #expect(error("a is " + String(repeating: "x", count: 1_996)) == .tooLong)
  }

  /// A tree of at most that many levels.
  private func tree(_ depth: Int, _ random: inout SplitMix) -> Predicate {
    switch depth == 0 ? 9 : random.below(10) {
    case 0...1: .and((0...1 + random.below(2)).map { _ in tree(depth - 1, &random) })
    case 2...3: .or((0...1 + random.below(2)).map { _ in tree(depth - 1, &random) })
    case 4...5: .not(tree(depth - 1, &random))
    default: .condition(condition(&random))
    }
  }

  private func condition(_ random: inout SplitMix) -> Predicate.Condition {
    let known = FilterOperator.allCases[random.below(FilterOperator.allCases.count)]
    let count = [FilterOperator.Arity.none: 0, .one: 1, .two: 2, .several: 1 + random.below(2)][known.arity] ?? 0
    let alphabet = Array("ab \"(),.or\u{3B1}\u{3AE}é\u{1F600}%&+='\\\n")
    let values = (0..<count).map { _ in String(random.items(random.below(6), of: alphabet)) }
    return Predicate.Condition(["city", "status", "vat_number"][random.below(3)], known, values)
  }

  @Test func `what is written is read back, whatever it is`() throws {
    var random = SplitMix(seed: 9)
    for _ in 0..<3_000 {
      let predicate = tree(3, &random).normalized
      #expect(predicate.normalized == predicate)
      let read = try Predicate(parsing: predicate.text)
      #expect(read == predicate, "\(predicate.text)")
      #expect(read.text == predicate.text)
    }
  }

  @Test func `taking a condition off leaves all others`() throws {
    var random = SplitMix(seed: 10)
    for _ in 0..<500 {
      let predicate = tree(3, &random).normalized
      for index in predicate.conditions.indices {
        let left = predicate.removing(index)
        var expected = predicate.conditions
        expected.remove(at: index)
        // The rest can repeat itself now, or lack a `not`.
        #expect(Set(left?.conditions.map(\.field) ?? []) == Set(expected.map(\.field)))
        #expect((left?.conditions.count ?? 0) <= expected.count)
      }
      #expect(predicate.removing(0) != predicate)
    }
  }

  @Test func `no text breaks the reader`() {
    var random = SplitMix(seed: 11)
    let samples = [
      "city is \"New York\",Athens and (status is active or not birthday is_empty)", "contacts between 1,5 or created_at is today",
    ]
    for number in 0..<20_000 {
      let text = String(decoding: random.mutated(Array(samples[number % 2].utf8)), as: UTF8.self)
      if let predicate = try? Predicate(parsing: text) { #expect((try? Predicate(parsing: predicate.text)) == predicate, "\(text)") }
    }
  }
}
