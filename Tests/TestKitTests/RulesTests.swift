import Testing

@testable import TestKit

@Suite struct RulesTests {
  private func page(_ main: String, html: String = "<html lang=\"en\">", title: String = "<title>T</title>") -> String {
    "<!doctype html>\n\(html)<head>\(title)</head><body><main>\n\(main)\n</main></body></html>"
  }

  @Test func `a valid page breaks no rule`() {
    let broken = Rules.check(
      page(
        """
        <h1>Contacts</h1>
        <form method="post" action="/x"><input type="hidden" name="csrf_token" value="t">
        <label for="n">Name</label><input id="n" name="name" aria-describedby="h"><p id="h">Hint</p>
        <label>City <input name="city"></label><select aria-label="Type" name="type"><option>a</option></select>
        <button type="submit">Save</button></form>
        <a href="/y" aria-label="Edit"><svg aria-hidden="true"><use href="#pencil"></use></svg></a>
        <a href="/z"><img src="/a.png" alt="Logo"></a><p>a<br>b<wbr>c</p><template><li><input name="x" aria-label="X"></li></template>
        """))
    #expect(broken == [])
  }

  @Test(arguments: [
    ("<p id=a></p><p id=a></p>", "id “a”"),
    ("<label for=x>X</label>", "label for the missing id “x”"),
    ("<input name=a>", "field “a” has no label"),
    ("<select name=s></select>", "field “s” has no label"),
    ("<img src=a>", "no alt"),
    ("<button>x</button>", "button without type"),
    ("<button type=submit></button>", "button without text"),
    ("<a href=/x> </a>", "link without text"),
    ("<a href=/x><svg aria-hidden=true><desc>pencil</desc></svg></a>", "link without text"),
    ("<form action=/a><form action=/b></form></form>", "<form> inside the <form>"),
    ("<a href=/x>x <a href=/y>y</a></a>", "<a> inside the <a>"),
    ("<a href=/x>x <button type=button>y</button></a>", "<button> inside the <a>"),
    ("<h1>a</h1><h1>b</h1>", "2 <h1>"),
    ("<center>x</center>", "obsolete element"),
    ("<blonk>x</blonk>", "obsolete element"),
    ("<td align=left>x</td>", "presentational attribute"),
    ("<form method=post action=/a></form>", "without csrf_token"),
    ("<script>1</script>", "inline script"),
    ("<style>a{}</style>", "inline style"),
    ("<p style='color:red'>x</p>", "inline style"),
    ("<p onclick='x()'>x</p>", "inline event handler"),
    ("<a href='javascript:x'>x</a>", "javascript: URL"),
    ("<div><p>x</div>", "<p> is not closed before </div>"),
    ("<p>x<div>y</div></p>", "<div> inside a <p>"),
    ("<div/>", "isn’t self-closing"),
    ("<span>x", "<span> is not closed"),
    ("</section>", "</section> has no start tag"),
    ("<input aria-label=a aria-describedby=gone>", "aria-describedby refers to the missing id “gone”"),
    ("<p id=a id=b>x</p>", "parser: "),
  ])
  func `the violation is named`(html: String, rule: String) {
    #expect(Rules.check(page(html)).contains { $0.contains(rule) }, "\(Rules.check(page(html)))")
  }

  @Test func `a page needs a language and a title`() {
    #expect(Rules.check(page("", html: "<html>")) == ["<html> has no lang"])
    #expect(Rules.check(page("", title: "")) == ["the page has no title"])
  }

  @Test func `a rule is broken at its line`() {
    #expect(Rules.check(page("<p>\n</p>\n<img src=a>")) == ["line 5, <img>: no alt"])
  }

  @Test func `tags in attributes, comments, scripts and text areas are ignored`() {
    let html = "<p title=\"<b>\"></p><!-- <div> --><script src=a>'<p>'</script><textarea aria-label=t><form></textarea>"
    #expect(TagNesting.check(html) == [])
  }

  @Test func `a page of many rows breaks no rule`() {
    let rows = (0..<200).map {
      "<tr><td><input type=\"checkbox\" id=\"r\($0)\" name=\"r\"><label for=\"r\($0)\">R</label><a href=\"/x\" aria-describedby=\"r\($0)\">x</a></td></tr>"
    }
    #expect(Rules.check(page("<table><tbody>\(rows.joined())</tbody></table>")) == [])
  }
}
