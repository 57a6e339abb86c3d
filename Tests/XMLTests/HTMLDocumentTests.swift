import TestKit
import Testing
import XML

@Suite struct HTMLDocumentTests {
  @Test func `a page is read and queried by XPath`() throws {
    let page = HTMLDocument("<!doctype html><html lang=en><body><ul><li class='a b'>One</li><li>Δύο  <b>bold</b></li></ul></body></html>")
    #expect(page.all("//li").map(\.text) == ["One", "Δύο bold"])
    let first = try #require(page.first("//li"))
    #expect(first.hasClass("b") && !first.hasClass("ab"))
    #expect(page.root?["lang"] == "en")
    #expect(page.first("//ul")?.first("./li[2]/b")?.text == "bold")
    #expect(page.first("//table") == nil)
  }

  @Test func `a node keeps its document alive`() {
    func heading() -> HTMLNode? { HTMLDocument("<h1>Καλημέρα</h1>").first("//h1") }
    #expect(heading()?.text == "Καλημέρα")
  }

  @Test func `attributes keep their source order and decode their entities`() throws {
    let input = try #require(HTMLDocument("<input type=text name='q' value='a &amp; &quot;b&quot;' required data-x>").first("//input"))
    #expect(input.attributes.map(\.name) == ["type", "name", "value", "required", "data-x"])
    #expect(input["value"] == "a & \"b\"")
    #expect(input["data-x"] == "")
    #expect(input["missing"] == nil)
    #expect(HTMLDocument("<input checked>").first("//input")?["checked"] == "")
  }

  @Test func `elements of HTML 5 aren't errors`() {
    let page = HTMLDocument(
      "<main><section><dialog open><time datetime=2026-01-01>x</time><svg><use href='#a'></use></svg></dialog></section></main>")
    #expect(page.errors.isEmpty)
  }

  @Test(arguments: ["<p>a</b></p>", "<blonk>x</blonk>", "<p id=a id=b>x</p>", "<div>x</div></div>"])
  func `a malformed page has errors`(html: String) {
    #expect(!HTMLDocument("<body>\(html)</body>").errors.isEmpty)
  }

  @Test func `an error has a line`() {
    #expect(HTMLDocument("<p>a</p>\n<p>\nb</i></p>").errors.first?.hasPrefix("line 3: ") == true)
  }

  @Test func `void elements that the parser does not know are empty`() {
    let page = HTMLDocument("<p>long<wbr>word <b>bold</b> tail</p><picture><source srcset=a><source srcset=b><img src=c alt=''></picture>")
    #expect(page.first("//p")?.inner == "long<wbr>word <b>bold</b> tail")
    #expect(page.first("//picture")?.inner == #"<source srcset="a"><source srcset="b"><img src="c" alt="">"#)
  }

  @Test func `an external entity is never read`() {
    let page = HTMLDocument("<!DOCTYPE html [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><p>[&x;]</p>")
    #expect(page.root?.text.contains("root:") == false)
  }

  @Test func `endless nesting is cut off`() {
    let page = HTMLDocument(String(repeating: "<div>", count: 100_000))
    #expect(!page.errors.isEmpty)
    #expect(page.root.map { prettyPrinted($0).utf8.count < 1_000_000 } == true)
  }

  @Test func `an empty page and random bytes are handled`() {
    #expect(HTMLDocument([]).root == nil)
    let alphabet = Array("<>/=\"'&;!-abdiv \n\u{0}".utf8)
    var random = SplitMix(seed: 42)
    for _ in 0..<300 {
      let bytes = random.items(200, of: alphabet)
      let page = HTMLDocument(bytes)
      if let root = page.root { #expect(!prettyPrinted(root).isEmpty) }
    }
  }
}
