import Testing

@testable import Templating

/// The C expressions of Plural-Forms headers, as listed in gettext's manual.
@Suite struct PluralRuleTests {
  private func forms(_ expression: String, _ numbers: [Int]) throws -> [Int] {
    let rule = try PluralRule(header: "Plural-Forms: nplurals=4; plural=\(expression);")
    return numbers.map { rule.form(for: $0) }
  }

  @Test func `one form`() throws { #expect(try forms("0", [0, 1, 2]) == [0, 0, 0]) }

  @Test func `English and Greek`() throws { #expect(try forms("(n != 1)", [0, 1, 2, 11]) == [1, 0, 1, 1]) }

  @Test func `French`() throws { #expect(try forms("n>1", [0, 1, 2]) == [0, 0, 1]) }

  @Test func `Russian`() throws {
    let russian = "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2"
    #expect(try forms(russian, [0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111]) == [2, 0, 1, 1, 2, 2, 2, 2, 0, 1, 2, 0, 2])
  }

  @Test func `Polish`() throws {
    let polish = "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"
    #expect(try forms(polish, [0, 1, 2, 5, 12, 22, 112]) == [2, 0, 1, 2, 2, 1, 2])
  }

  @Test func `Slovenian`() throws {
    let slovenian = "(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3)"
    #expect(try forms(slovenian, [1, 2, 3, 4, 5, 101, 102]) == [0, 1, 2, 2, 3, 0, 1])
  }

  @Test func `operators bind as in C`() throws {
    #expect(try forms("!n", [0, 1]) == [1, 0])
    #expect(try forms("!!n", [0, 7]) == [0, 1])
    #expect(try forms("n == 1 || n == 2 && n == 3", [1, 2, 3]) == [1, 0, 0])
    #expect(try forms("n % 0", [5]) == [0])
    #expect(try forms("1 < 2 == 1", [0]) == [1])
  }

  @Test(arguments: ["", "n +", "n ? 1", "(n", "n)", "m", "n = 1", "99999999999999999999"])
  func `an invalid expression is refused`(expression: String) {
    #expect(throws: CatalogueError.self) { try forms(expression, [1]) }
  }

  @Test func `a header without an expression, or with an endless one, is refused`() {
    #expect(throws: CatalogueError.self) { try PluralRule(header: "Plural-Forms: nplurals=2;") }
    for piece in ["!", "(", "n?n:", "n%"] {
      #expect(throws: CatalogueError.self) { try forms(String(repeating: piece, count: 100_000) + "n", [1]) }
    }
  }
}
