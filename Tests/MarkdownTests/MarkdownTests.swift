import Markdown
import Templating
import TestKit
import Testing

/// What people type in notes and messages, as HTML.
@Suite struct MarkdownTests {
  private func html(_ source: String) -> String { Markdown.html(source).markup }

  /// The library keeps in one place for all which characters mean something: a parser that ended took "~" and links from those that still ran.
  @Test func `many texts at once are each what they are alone`() async {
    let wrong = await withTaskGroup(of: Int.self) { group in
      for n in 0..<8 {
        group.addTask {
          let (source, markup) =
            n % 2 == 0 ? ("~~c~~ www.example.com", "<p><s>c</s> <a ") : ("**b** _x_ ~~d~~", "<p><strong>b</strong> <em>x</em> <s>d</s></p>")
          return (0..<4_000).count { _ in !Markdown.html(source).markup.hasPrefix(markup) }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }

  @Test(arguments: [
    ("hello", "<p>hello</p>"),
    ("one\ntwo", "<p>one<br>two</p>"),
    ("one\n\ntwo", "<p>one</p><p>two</p>"),
    ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
    ("# Title", "<p class=\"note-heading\">Title</p>"),
    ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
    ("3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>"),
    ("> quoted", "<blockquote><p>quoted</p></blockquote>"),
    ("```\nx < y\n```", "<pre tabindex=\"0\"><code>x &lt; y\n</code></pre>"),
    ("---", "<hr>"),
    ("&amp; < \"", "<p>&amp; &lt; &quot;</p>"),
  ])
  func `each mark is rendered`(source: String, markup: String) {
    #expect(html(source) == markup)
  }

  @Test func `a table has a head and rows`() {
    #expect(
      html("| a | b |\n|---|---|\n| 1 | 2 |")
        == "<div class=\"note-table\"><table><thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead><tbody>"
        + "<tr><td>1</td><td>2</td></tr></tbody></table></div>")
  }

  @Test(arguments: ["https://example.com/a?b=1&c=2", "http://example.com", "mailto:a@example.com", "tel:+302101234567"])
  func `a link opens outside without a referrer`(address: String) {
    let escaped = address.replacing("&", with: "&amp;")
    #expect(html("[x](\(address))") == "<p><a rel=\"noopener noreferrer nofollow\" target=\"_blank\" href=\"\(escaped)\">x</a></p>")
  }

  @Test func `a bare address is a link`() {
    #expect(html("see www.example.com now").contains("href=\"http://www.example.com\""))
    #expect(html("to maria@example.com").contains("href=\"mailto:maria@example.com\""))
  }

  @Test(arguments: [
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))", "[x](java&Tab;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "![x](javascript:alert(1))", "<javascript:alert(1)>",
    "[x](//evil.example)",
    "[x](/admin/users)", "[x](file:///etc/passwd)", "[x]: javascript:alert(1)\n\n[x]", "[x](\u{1}javascript:alert(1))",
  ])
  func `a link with an unsafe scheme is only text`(source: String) {
    let markup = html(source)
    #expect(!markup.contains("href="), "\(markup)")
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "<div onclick=x>\n\nhello\n\n</div>", "<!-- c -->", "<![CDATA[x]]>",
    "**<b>x</b>**", "`<script>`", "```html\n<script>\n```", "[<img src=x>](https://example.com)", "| <b> |\n|---|\n| <i> |",
  ])
  func `raw HTML is shown as text`(source: String) {
    let markup = html(source)
    for tag in ["<script", "<img", "<div o", "<!--", "<![", "<b>", "<i>"] { #expect(!markup.contains(tag), "\(markup)") }
    #expect(markup.contains("&lt;"))
  }

  @Test func `a quote in a URL stays inside its attribute`() {
    let markup = html("[x](https://example.com/%22onmouseover=alert(1))") + html("<https://example.com/\"onmouseover=alert(1)>")
    #expect(!markup.contains("\"onmouseover"))
  }

  @Test func `an image is a link to it`() {
    #expect(html("![cat](https://example.com/cat.png)").contains("href=\"https://example.com/cat.png\">cat</a>"))
  }

  @Test func `a mention is highlighted`() {
    let people = ["0192": "Maria <Sales>"]
    let mention = "<p>@<span class=\"mention\">Maria &lt;Sales&gt;</span>!</p>"
    #expect(Markdown.html("@[Maria](user:0192)!", people: people).markup == mention)
    #expect(Markdown.html("@[The **Owner** `x` [y]](user:0192)!", people: people).markup == mention, "nobody speaks in another's name")
    #expect(Markdown.html("@[Ghost](user:0193)", people: people).markup == "<p>@Ghost</p>")
    #expect(html("@[Maria](user:0192)") == "<p>@Maria</p>", "where nobody can be mentioned it is only words")
  }

  @Test(arguments: [
    ("**Hello** [there](https://x.example),\n\n- one\n- two", 100, "Hello there, one two"),
    ("one two three four", 12, "one two…"), ("Κώστας Παπαδόπουλος", 8, "Κώστας…"), ("abcdefghijkl", 5, "abcde…"), ("", 5, ""),
  ])
  func `an excerpt is plain and ends at a word`(source: String, limit: Int, text: String) {
    #expect(Markdown.plain(source, limit: limit) == text)
  }

  @Test func `depth and length exhaust neither the stack nor the time`() {
    for piece in [">", "- ", "[", "![", "*a **a ", "`", "<a ", "((((", "_a__", "~~a~", "|", "\\", "www.a_", "a@", "|a\n|-\n|"] {
      let source = String(repeating: piece, count: 50_000 / piece.utf8.count)
      #expect(!html(source).isEmpty || source.isEmpty)
    }
  }

  /// Debian's library pads short rows to the width of the head: 36 kilobytes were 10 gigabytes of cells.
  @Test(arguments: ["\n", "\r\n", "\r"], ["", "> ", "- "])
  func `a table of mostly empty cells stays plain text`(end: String, container: String) {
    func table(_ columns: Int, _ rows: Int) -> String {
      ([Array(repeating: "a", count: columns), Array(repeating: "-", count: columns)].map { $0.joined(separator: "|") }
        + Array(repeating: "b", count: rows)).map { container + $0 }.joined(separator: end)
    }
    let bomb = html(table(400, 400))
    #expect(!bomb.contains("<td>"))
    #expect(bomb.utf8.count < 10_000)
    #expect(container == "- " || html(table(40, 100)).split(separator: "<td>").count == 40 * 100 + 1)
  }

  @Test func `many small tables are limited like a large one`() {
    let table = "|a|b|c|d|e|f|g|h|i|j|\n|-|-|-|-|-|-|-|-|-|-|\n1\n\n"
    #expect(html(String(repeating: table, count: 100)).contains("<td>"))
    #expect(!html(String(repeating: table, count: 1_000)).contains("<td>"))
  }

  /// Each line that looks like a delimiter row makes the library reread the paragraph: 94 kilobytes took 24 seconds.
  @Test func `a paragraph of delimiter rows has no table`() {
    let lines = Array(repeating: String(repeating: "b", count: 70), count: 400) + (0..<400).map { $0.isMultiple(of: 2) ? ":-" : ":-|:-" }
    #expect(!html(lines.joined(separator: "\n")).contains("<t"))
    #expect(!html(String(repeating: "a\n", count: 40_000) + ":-").contains("<t"))
    let honest = "|a|b|\n|-|-|\n" + String(repeating: "|1|2|\n", count: 1_200)
    #expect(html(honest).split(separator: "<tr>").count == 1_202)
  }

  @Test func `text full of link starts has no links`() {
    #expect(html("www.a.example/" + String(repeating: "b", count: 1_900)).contains("<a "))
    #expect(html(String(repeating: "見積書をお送りします。", count: 200) + " https://example.com").contains("<a "))
    #expect(html(String(repeating: "ann@example.com, ", count: 500)).split(separator: "<a ").count == 501)
    #expect(!html(String(repeating: "www.a_", count: 16_000)).contains("<a "))
    #expect(!html(String(repeating: "a@b.c ", count: 1_000) + String(repeating: "😀", count: 90_000)).contains("<a "))
  }

  /// Each blank line is offered to every open list: 99 kilobytes took 17 seconds.
  @Test(arguments: ["- ", "> ", "1. ", "* ", "+\t", ">"])
  func `excessive nesting is shown as plain text`(mark: String) {
    let deep = String(repeating: mark, count: 21)
    #expect(html(deep + "a <b>\n\nc").hasSuffix("a &lt;b&gt;<br><br>c</p>"))
    #expect(!html(deep + "a").contains("<li>") && !html(deep + "a").contains("<blockquote>"))
    #expect(html(String(repeating: mark, count: 20) + "a").ranges(of: mark.contains(">") ? "<blockquote>" : "<li>").count == 20)
    #expect(Markdown.plain(deep + "a word", limit: 100).hasSuffix("a word"))
  }

  @Test func `no input makes any tag but ours`() {
    var random = SplitMix(seed: 7)
    let pieces = [
      "<", ">", "script", "\"", "'", "&", "[", "](", ")", "javascript:", "https://a.b", "`", "```\n", "*", "_", "~", "|", "-", "\n", " ",
      "#", "!",
      "\u{0}", "é", "1. ", "&#x3c;", "\\", "=",
    ]
    let tags = Set(
      [
        "p", "br", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "a", "span", "div", "table", "thead", "tbody",
        "tr", "th", "td",
      ])
    for _ in 0..<3_000 {
      let source = (0..<Int.random(in: 1...40, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      let markup = html(source)
      for tag in markup.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
        let name = tag.drop(while: { $0 == "/" }).prefix(while: \.isLetter)
        #expect(tags.contains(String(name)), "\(source.debugDescription) makes \(markup)")
      }
    }
  }
}

/// Plain text as Markdown.
@Suite struct MarkdownEscapingTests {
  @Test(arguments: [
    "*a* _b_ `c` ~~d~~ [e](f) ![g](h) <b>i</b> &amp; a|b \\", "# a\n## b", "- a\n+ b\n* c\n1. d\n23) e", "a\n===\nb\n---\n***", "> a",
    "    code",
    "@[Name](user:1)", "| a | b |\n|---|---|\n| c | d |",
  ]) func `a plain text has no marks, and its lines stay`(_ text: String) {
    let shown = Markdown.html(Markdown.escaped(text)).markup
    let lines = text.split(separator: "\n").map { line in
      line.trimmingPrefix { $0 == " " }.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
    #expect(shown == "<p>" + lines.joined(separator: "<br>") + "</p>", "\(shown)")
  }
}
