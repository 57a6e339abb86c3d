import TestKit
import Testing
import XML

@Suite struct XMLWriterTests {
  private func written(_ element: XMLElement) -> String { String(decoding: element.document(), as: UTF8.self) }

  @Test func `elements have their own lines, and what is nil isn't written`() {
    let root = XMLElement(
      "a", [XMLElement("b:c", "Καλημέρα 😀", attributes: ["x": "1"]), nil, XMLElement("d", ""), XMLElement("e", [XMLElement("f", "g")])],
      attributes: ["xmlns:b": "urn:b"])
    #expect(
      written(root) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <a xmlns:b="urn:b">
          <b:c x="1">Καλημέρα 😀</b:c>
          <d/>
          <e>
            <f>g</f>
          </e>
        </a>

        """)
  }

  @Test func `markup is escaped in texts and attributes`() {
    let element = XMLElement("a", "</a> & \"'<!-- ]]> &amp;", attributes: ["b": "\"<&'>"])
    #expect(written(element).hasSuffix("<a b=\"&quot;&lt;&amp;'&gt;\">&lt;/a&gt; &amp; &quot;'&lt;!-- ]]&gt; &amp;amp;</a>\n"))
  }

  @Test func `characters that XML forbids are left out`() {
    let element = XMLElement("a", "1\u{0}2\u{1F}3\u{FFFE}4\u{FFFF}5\t6\n7\u{85}", attributes: ["b": "\u{8}x"])
    #expect(written(element).hasSuffix("<a b=\"x\">12345\t6\n7\u{85}</a>\n"))
    #expect("plain".withoutForbiddenCharacters() == "plain")
    #expect("e\u{0}\u{301}".withoutForbiddenCharacters() == "é")
  }

  @Test func `a carriage return survives readers`() { #expect(written(XMLElement("a", "1\r\n2")).contains("1&#13;\n2")) }

  @Test func `elements are found by their path`() {
    let root = XMLElement("a", [XMLElement("b", [XMLElement("c", "1")]), XMLElement("b", [XMLElement("c", "2", attributes: ["d": "3"])])])
    #expect(root["b/c"].map(\.text) == ["1", "2"])
    #expect(root["b/c"].last?[attribute: "d"] == "3")
    #expect(root["c"].isEmpty)
  }

  @Test func `any text can be written`() {
    var random = SplitMix(seed: 3)
    for _ in 0..<200 {
      let text = String(decoding: random.bytes(50), as: UTF8.self)
      let bytes = XMLElement("a", text, attributes: ["b": text]).document()
      #expect(String(validating: bytes, as: UTF8.self) != nil)
      #expect(bytes.allSatisfy { $0 >= 0x20 || $0 == 9 || $0 == 10 })
    }
  }
}
