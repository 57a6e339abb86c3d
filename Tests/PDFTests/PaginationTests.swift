import Foundation
import Testing

@testable import PDF

/// Pages, and what stays together on them.
@Suite struct PaginationTests {
  @Test func `a table over several pages repeats its head and carries its sum`() throws {
    let file = try PDF.render(table(rows(60)))
    let pages = try file.pages()
    #expect(pages.count == file.pageCount && pages.count > 2)
    var before = 0
    for (index, page) in pages.enumerated() {
      #expect(page.contains("Number") && page.contains("Amount"))
      #expect(page.contains("Page \(index + 1) of \(pages.count)"))
      let numbers = page.numbers(after: "of row ")
      #expect(page.numbers(after: " row ") == numbers, "a row is divided: \(page)")
      #expect(numbers == Array(before + 1...before + numbers.count))
      let last = before + numbers.count
      #expect(page.contains("Brought forward") == (index > 0))
      #expect(page.contains("Carried forward") == (index < pages.count - 1))
      if index > 0 { #expect(page.contains("sum \(before)0.00")) }
      if index < pages.count - 1 { #expect(page.contains("sum \(last)0.00")) }
      before = last
    }
    #expect(before == 60)
  }

  @Test(arguments: 1...45)
  func `totals stay whole, with the last row`(count: Int) throws {
    let totals = """
      <table class="totals"><tbody><tr><td>Net</td><td>1</td></tr><tr><td>VAT</td><td>2</td></tr>
      <tr class="grand"><td>Gross</td><td>3</td></tr></tbody></table>
      """
    let pages = try PDF.render(table(rows(count), then: totals)).pages()
    let page = try #require(pages.last)
    #expect(page.contains("Net") && page.contains("VAT") && page.contains("Gross"))
    #expect(page.contains("of row \(count)\n"))
    #expect(!page.contains("Carried forward"))
    if pages.count > 1 { #expect(page.contains("sum ")) }
  }

  @Test func `a row taller than a page is divided between its lines`() throws {
    let lines = (1...120).map { "step \($0)" }.joined(separator: "\n")
    let long = "<tr data-carry=\"sum 30.00\"><td>long</td><td>Thing<p class=\"small lines\">\(lines)</p></td><td>10.00</td></tr>"
    let pages = try PDF.render(table(rows(2) + [long] + ["<tr data-carry=\"sum 40.00\"><td>last</td><td>x</td><td>10.00</td></tr>"]))
      .pages()
    #expect(pages.count == 3)
    #expect(pages.joined().numbers(after: "step ") == Array(1...120))
    #expect(pages[0].contains("long") && pages[0].contains("step 1\n"))
    for page in pages { #expect(page.contains("Amount")) }
    #expect(pages[1].contains("Brought forward") && pages[1].contains("sum 30.00"))
    #expect(pages[2].contains("last"))
  }

  @Test(arguments: 20...34)
  func `a heading row is never the last of a page, nor a note the first`(count: Int) throws {
    let extra = [
      "<tr class=\"heading\"><td colspan=\"3\">Chapter</td></tr>", "<tr data-carry=\"s\"><td>row</td><td>after</td><td>1</td></tr>",
    ]
    let note = "<tr class=\"note\"><td></td><td colspan=\"2\">remark</td></tr>"
    let pages = try PDF.render(table(rows(count) + extra + [note])).pages()
    let page = try #require(pages.first { $0.contains("Chapter") })
    #expect(page.contains("after") && page.contains("remark"))
  }

  @Test func `a block begins on a new page if asked to, and stays whole`() throws {
    let text = String(repeating: "word ", count: 300)
    let pages = try PDF.render("<article><p>a</p><p class=\"page-break\">b</p><h2>c</h2></article>").pages()
    #expect(pages.map { $0.filter(\.isLetter) } == ["a", "bc"])
    let kept = try PDF.render(
      "<article>\(String(repeating: "<p>\(text)</p>", count: 2))<section class=\"keep\"><p>first</p><p>\(text)\(text)</p></section></article>"
    ).pages()
    #expect(kept.count == 2 && kept[1].hasPrefix("first"))
  }

  @Test func `the header begins on the second page`() throws {
    let pages = try PDF.render("<article><header><p>running</p></header><p>a</p><p class=\"page-break\">b</p></article>").pages()
    #expect(pages.map { $0.contains("running") } == [false, true])
  }

  @Test func `empty elements are nothing`() throws {
    for inner in [
      "", "<table></table>", "<table><thead><tr></tr></thead><tbody><tr></tr></tbody></table>", "<dl></dl>", "<dl class=\"facts\"></dl>",
      "<p></p>",
      "<section class=\"columns\"></section>", "<section class=\"columns\"><div></div><div></div></section>",
      "<section class=\"box\"></section>",
      "<table><tbody><tr><td></td></tr></tbody></table>", "<footer></footer><header></header>",
    ] {
      #expect(try PDF.render("<article>\(inner)</article>").pageCount == 1, "\(inner)")
    }
  }

  @Test func `a header or footer that leaves no room is an error`() {
    let lines = String(repeating: "line<br>", count: 60)
    #expect(throws: PDFError.markup(line: 1, "the header and the footer leave no room")) {
      try PDF.render("<article><footer>\(lines)</footer><p>a</p></article>")
    }
  }

  @Test func `thousands of rows are a document, endless ones are not`() throws {
    #expect(try PDF.render(table(rows(5_000))).pageCount > 100)
    #expect(throws: PDFError.tooLarge) {
      try PDF.render("<article>\(String(repeating: "<p class=\"page-break\">a</p>", count: 3_000))</article>")
    }
    #expect(throws: PDFError.tooLarge) { try PDF.render("<article><p>\(String(repeating: "a ", count: 5_000_000))</p></article>") }
  }

  @Test func `columns that don't fit share what there is`() {
    #expect(ColumnWidths.fitted([(.auto, 50), (.stretch, 0), (.points(20), 0)], gap: 10, into: 200) == [50, 110, 20])
    #expect(ColumnWidths.fitted([(.auto, 300), (.auto, 100)], gap: 0, into: 200) == [150, 50])
    #expect(ColumnWidths.fitted([(.auto, 900), (.stretch, 0)], gap: 0, into: 200) == [140, 60])
    #expect(ColumnWidths.fitted([(.points(300), 0), (.share(0.5), 0)], gap: 0, into: 200) == [150, 50])
    #expect(ColumnWidths.fitted([], gap: 10, into: 200) == [])
  }
}

extension String {
  /// The numbers that stand after a word.
  func numbers(after word: String) -> [Int] {
    components(separatedBy: word).dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
  }
}
