import Testing

@testable import PDF

/// Letters, and what can be read back of them.
@Suite struct TextTests {
  @Test(arguments: [
    "«ΐ ΰ Ώ ς ᾠδή Łódź €»", "Τιμολόγιο – Größe ½ “Ζεύς” №5", "Đặng Văn Lâm, Čeština, İstanbul ığüşöç", "Київ, Београд, Ђорђе",
    "1.688,92 € −10 % · … ™",
    "Հայաստան საქართველო",
  ])
  func `every letter can be read back`(text: String) throws {
    let file = try PDF.render("<article><p>\(text)</p></article>", language: "el")
    #expect(file.missingCharacters == 0)
    #expect(try file.pages().first?.trimmingSpace == text)
  }

  @Test func `scripts of both directions in one field leave its neighbours where they are`() throws {
    let file = try PDF.render(
      table(["<tr><td>1</td><td>שלום עולם (ABC 123) مرحبا</td><td>10.00</td></tr>", "<tr><td>2</td><td>plain</td><td>20.00</td></tr>"]))
    #expect(file.missingCharacters == 0)
    let lines = try file.pages()[0].split(separator: "\n").map(String.init)
    let first = try #require(lines.first { $0.contains("10.00") })
    #expect(first.contains("ABC 123") && first.contains("שלום"))
    #expect(first.hasPrefix("1") && first.hasSuffix("10.00"))
  }

  @Test func `characters without a font are counted`() throws {
    // A private use character: no font of Debian's has it.
    let file = try PDF.render("<article><p>a\u{10FF00}b\u{10FF01}</p></article>")
    #expect(file.missingCharacters == 2)
  }

  @Test func `all letters are embedded and can be copied`() throws {
    let file = try PDF.render("<article><h1>Ωμέγα</h1><p>text <em>italic</em> Հ</p></article>")
    let fonts = String(decoding: try file.read("pdffonts"), as: UTF8.self).split(separator: "\n").dropFirst(2)
    #expect(fonts.count == 4)
    #expect(fonts.allSatisfy { $0.contains("yes yes yes") }, "\(fonts)")
    #expect(fonts.contains { $0.contains("Inter-Regular") } && fonts.contains { $0.contains("DejaVuSans") })
  }

  @Test func `a word longer than a line, and than a page, is broken`() throws {
    for length in [100, 10_000, 200_000] {
      let file = try PDF.render("<article><p>\(String(repeating: "W", count: length))</p></article>")
      #expect(try file.pages().joined().count { $0 == "W" } == length)
    }
  }

  @Test func `a text of many pages has all of its words`() throws {
    let words = (0..<20_000).map { "w\($0)" }
    let file = try PDF.render("<article><p>\(words.joined(separator: " "))</p></article>")
    #expect(try file.pages().joined(separator: " ").split(whereSeparator: \.isWhitespace).map(String.init) == words)
    #expect(file.pageCount > 10)
  }
}

extension String {
  var trimmingSpace: String {
    String(String(drop { $0.isWhitespace }.reversed()).drop { $0.isWhitespace }.reversed())
  }
}
