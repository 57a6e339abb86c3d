import Testing
import XML

@Suite struct PrettyPrinterTests {
  private func pretty(_ html: String) throws -> String {
    prettyPrinted(try #require(HTMLDocument("<body>\(html)</body>").first("//body/*")))
  }

  @Test func `each element has its line and text is collapsed`() throws {
    let text = try pretty("<div  class='a'>\n\n  Hello   <b>big</b>\tworld<br><ul><li><a href='/x'>One</a><li>Two</ul></div>")
    #expect(
      text == """
        <div class="a">
          Hello
          <b>big</b>
          world
          <br>
          <ul>
            <li>
              <a href="/x">One</a>
            </li>
            <li>Two</li>
          </ul>
        </div>

        """)
  }

  @Test func `boolean attributes are bare and empty values are not`() throws {
    #expect(try pretty("<input checked='checked' required=required value='' alt>") == "<input checked required value=\"\" alt=\"\">\n")
  }

  @Test func `a boolean attribute with a value keeps it`() throws {
    #expect(try pretty("<p hidden=until-found>x</p>") == "<p hidden=\"until-found\">x</p>\n")
  }

  @Test func `white space in text areas and preformatted text is kept`() throws {
    #expect(try pretty("<textarea name=n>a\n  b &lt;</textarea>") == "<textarea name=\"n\">a\n  b &lt;</textarea>\n")
  }

  @Test func `markup in text stays escaped and a no-break space is visible`() throws {
    #expect(
      try pretty("<p title='\"&amp;'>&lt;b&gt; 5\u{A0}€ &amp;amp;</p>") == "<p title=\"&quot;&amp;\">&lt;b&gt; 5&nbsp;€ &amp;amp;</p>\n")
  }

  @Test func `scripts are not escaped and empty elements are closed`() throws {
    #expect(try pretty("<div><script>a < b && c</script><p></p></div>") == "<div>\n  <script>a < b && c</script>\n  <p></p>\n</div>\n")
  }

  @Test func `printing is idempotent`() throws {
    let once = try pretty("<section><h1>Ζωή &amp; <em>Co</em></h1><table><tr><td>1<td>2</table><!-- note --></section>")
    #expect(try pretty(once) == once)
  }
}
