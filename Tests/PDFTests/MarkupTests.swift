import TestKit
import Testing

@testable import PDF

/// The markup.
@Suite struct MarkupTests {
  @Test(arguments: [
    ("", "an <article> is expected"),
    ("<p>a</p>", "an <article> is expected, not <p>"),
    ("<article>", "<article> has no end tag"),
    ("<article></article>x", "nothing is expected after </article>"),
    ("<article><h4>a</h4></article>", "<h4> is unknown"),
    ("<article><P>a</P></article>", "<P> is unknown"),
    ("<article>text</article>", "<article> can’t hold text"),
    ("<article><p><table></table></p></article>", "<p> can’t hold <table>"),
    ("<article><p>a</div></article>", "</div> where </p> is expected"),
    ("<article><p>a</article>", "</article> where </p> is expected"),
    ("<article><p/></article>", "<p/> needs an end tag"),
    ("<article><p onclick=\"\">a</p></article>", "<p> has no attribute “onclick”"),
    ("<article><p class=\"big\">a</p></article>", "the class “big” is unknown"),
    ("<article><p class=small>a</p></article>", "the attribute “class” needs a value in quotes"),
    ("<article><p class=\"small\"class=\"small\">a</p></article>", "a space is expected between attributes"),
    ("<article><p class=\"small\" class=\"small\">a</p></article>", "the attribute “class” is there twice"),
    ("<article><p class=\"a", "the value of “class” doesn’t end"),
    ("<article><p>a & b</p></article>", "“&” is written as &amp;"),
    ("<article><p>&eacute;</p></article>", "&eacute; is unknown"),
    ("<article><p>&#xD800;</p></article>", "&#xD800; is unknown"),
    ("<article><!-- a</article>", "this comment doesn’t end"),
    ("<article><img alt=\"\"></article>", "<img> needs a src"),
    ("<article><img src=\"none\"></article>", "there is no image “none”"),
    ("<article data-paper=\"a5\"></article>", "the paper “a5” is unknown: a4 or letter"),
    (
      "<article><div data-width=\"2cm\"></div><section class=\"columns\"><div data-width=\"2cm\"></div></section></article>",
      "data-width=“2cm” is not a length"
    ),
    ("<article><section class=\"columns\"><p>a</p></section></article>", "columns are <div>s, not <p>"),
    ("<article><dl><dd>a</dd><dt>b</dt></dl></article>", "<dl> needs a <dd> after each <dt>"),
    ("<article><dl><dt>a</dt></dl></article>", "<dl> needs a <dd> for each <dt>"),
    (
      "<article><table><colgroup><col></colgroup><tbody><tr><td>a</td><td>b</td></tr></tbody></table></article>",
      "this row has more cells than the table has columns"
    ),
    (
      "<article><p><a href=\"javascript:alert(1)\">a</a></p></article>",
      "“javascript:alert(1)” can’t be linked: it is neither https, http nor mailto"
    ),
    ("<article><header></header><header></header></article>", "there is more than one <header>"),
  ])
  func `a mistake is reported with its line`(markup: String, problem: String) {
    #expect(throws: PDFError.markup(line: 3, problem)) { try PDF.render("\n\n" + markup) }
  }

  @Test func `bytes that aren't UTF-8 are reported with their line`() {
    #expect(throws: PDFError.markup(line: 2, "not UTF-8")) { try MarkupParser.parse(Array("<article>\n<p>".utf8) + [0xC3, 0x28]) }
  }

  @Test func `deep nesting is reported`() {
    let markup = "<article>" + String(repeating: "<div>", count: 100_000)
    #expect(throws: PDFError.markup(line: 1, "elements are nested too deeply")) { try PDF.render(markup) }
  }

  @Test func `references and control characters are read`() throws {
    let markup = try MarkupParser.parse(
      Array("<article><p>&lt;&amp;&gt;&quot;&#39;&#x41;&nbsp;\u{0}\u{7}\u{7F}\u{85}&#1;b</p></article>".utf8))
    guard case .text(let text)? = markup.elements.first?.children.first else { throw PDFError.failed("no text") }
    #expect(String(decoding: text, as: UTF8.self) == "<&>\"'A\u{A0}b")
  }

  @Test func `white space is as in HTML`() throws {
    func text(_ inner: String) throws -> String {
      let markup = try MarkupParser.parse(Array("<article><p>\(inner)</p></article>".utf8))
      let paragraph = try #require(markup.elements.first)
      return String(decoding: try InlineText(paragraph.children, style: Style().inside(paragraph), numbers: nil).bytes, as: UTF8.self)
    }
    #expect(try text("\n  a \t b<br> c\n <strong> d</strong> <em>e</em> \n") == "a b\nc d e")
    #expect(try text("<span class=\"lines\">\n a \r\n b\n\n</span>") == "a\nb")
  }

  @Test func `a link can't leave its quotes`() {
    #expect(LinkAddress("https://a.example/?a='b' c&é(\\)")?.text == "https://a.example/?a=%27b%27%20c&%C3%A9%28%5C%29")
    #expect(LinkAddress("HTTPS://a.example")?.text == "HTTPS://a.example")
    for address in ["javascript:alert(1)", "file:///etc/passwd", " https://a.example", "/relative", "https:a", ""] {
      #expect(LinkAddress(address) == nil, "\(address)")
    }
  }

  @Test func `broken markup is an error or a document`() throws {
    let sample = Array(
      table(
        rows(3),
        then: "<section class=\"columns\"><div>a</div><div data-width=\"30%\">b<br>&amp;c</div></section><dl><dt>d</dt><dd>e</dd></dl>"
      ).utf8)
    var random = SplitMix(seed: 7)
    for _ in 0..<3_000 {
      let bytes = random.mutated(sample)
      guard let root = try? MarkupParser.parse(bytes), random.below(10) == 0 else { continue }
      _ = root
      do {
        let file = try PDF.render(String(decoding: bytes, as: UTF8.self))
        #expect(file.pageCount > 0)
      } catch {
        guard case .markup = error else { throw error }
      }
    }
  }
}
