import Base
import TestKit
import Testing

@testable import Templating

/// Templates with values from rows.
@Suite struct RowTests {
  private static let cell = ViewSchema("cell", [("value", .slot), ("second", .slot), ("path", .text)])
  private static let column = ViewSchema("column", [("label", .text), ("value", .slot), ("content", .fragment)])
  private static let row = ViewSchema(
    "row", [("path", .text), ("flag", .bool), ("id", .slot), ("name", .slot), ("columns", .list(.record(column)))])

  private static let filters: [String: FilterDefinition] = [
    "twice": .writing { _ in
      { text, out in
        out.append(text)
        out.append(text)
      }
    },
    "nothing": .writing { _ in { _, _ in } },
    "both": FilterDefinition(arguments: 1...1) { value, arguments, _ in .text(value.text + "+" + arguments[0].text) },
    "picky": FilterDefinition { value, _, _ in
      guard value.text != "bad" else { throw FilterError("picky does not like this") }
      return value
    },
  ]

  /// A row template and its cell templates, `cells/NAME`, by name; `row` can embed them by the names in `columns`.
  private func templates(_ row: String, cells: [String: String] = [:], partials: [String: String] = [:]) throws -> TemplateSet {
    let named = Dictionary(uniqueKeysWithValues: cells.map { ("cells/" + $0.key, $0.value) })
    return try TemplateSet(
      sources: named.merging(partials) { cell, _ in cell }.merging(["row": row]) { cell, _ in cell }, filters: Self.filters,
      globals: ViewSchema("frame", [("site", .text)]), pages: ["row": Self.row], fragments: named.mapValues { _ in Self.cell })
  }

  /// The rendered rows. Their columns are an id, a name, then two for each of `columns`.
  private func render(
    _ set: TemplateSet, _ rows: [[[UInt8]]], columns: [String] = [], path: String = "/people", flag: Bool = false,
    language: Language = .english
  ) throws -> [UInt8] {
    let cells = try columns.enumerated().map { number, name in
      let (value, second) = (Value.slot(Slot(column: 2 + 2 * number)), Value.slot(Slot(column: 3 + 2 * number)))
      let content = try set.fragment("cells/" + name, ViewData(Self.cell, [value, second, .text("/to")]), in: language)
      return Value.record(ViewData(Self.column, [.text("<\(name)>"), value, content]))
    }
    let page = ViewData(
      Self.row, [.text(path), .bool(flag), .slot(Slot(column: 0)), .slot(Slot(column: 1)), .list(cells)])
    let context = RenderContext(
      globals: ViewData(ViewSchema("frame", [("site", .text)]), ["R & B"]), language: language, now: Timestamp(milliseconds: 0))
    var renderer = RowRenderer(try set.rows("row", page: page, context: context), context)
    let places = try rows.map { columns in try Self.withBuffers(columns) { try renderer.render($0) } }
    return Array(renderer.rows(places).markup.utf8)
  }

  private func render(_ set: TemplateSet, _ rows: [[String]], columns: [String] = [], path: String = "/people", flag: Bool = false) throws
    -> String
  {
    try render(set, rows.map { $0.map { Array($0.utf8) } }, columns: columns, path: path, flag: flag).text
  }

  private static func withBuffers<T>(_ columns: [[UInt8]], _ body: (RowRenderer.Row) throws -> T) rethrows -> T {
    let buffers = columns.map { column in
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: column.count)
      _ = copy.update(fromContentsOf: column)
      return UnsafeBufferPointer(copy)
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    return try buffers.withUnsafeBufferPointer(body)
  }

  @Test func `rows fill in what differs between them`() throws {
    let set = try templates(
      """
      <li><a href="{{ path }}/{{ id }}" title="{{ site }}">{{ name }}</a>{% for column in columns %}<b data-label="{{ column.label }}">{{ column.content }}</b>{% endfor %}{% if flag %}!{% endif %}</li>

      """,
      cells: ["text": "{{ value }}\n", "link": "{% if second %}<a href=\"{{ path }}/{{ second }}\">{{ value }}</a>{% endif %}\n"])
    #expect(
      try render(set, [["1", "A", "x", "", "B", "2"], ["3", "C", "", "", "", ""]], columns: ["text", "link"]) == """
        <li><a href="/people/1" title="R &amp; B">A</a><b data-label="&lt;text&gt;">x</b><b data-label="&lt;link&gt;"><a href="/to/2">B</a></b></li>
        <li><a href="/people/3" title="R &amp; B">C</a><b data-label="&lt;text&gt;"></b><b data-label="&lt;link&gt;"></b></li>

        """)
    #expect(try render(set, [["1", "A"]], flag: true) == "<li><a href=\"/people/1\" title=\"R &amp; B\">A</a>!</li>\n")
  }

  @Test(arguments: [
    ("{{ name }}", "&lt;b&gt; &amp; &quot;it&#39;s&quot;"),
    ("<i title=\"{{ name }}\"></i>", "<i title=\"&lt;b&gt; &amp; &quot;it&#39;s&quot;\"></i>"),
    ("<i title='{{ name }}'></i>", "<i title='&lt;b&gt; &amp; &quot;it&#39;s&quot;'></i>"),
    ("<a href=\"/{{ name }}\">x</a>", "<a href=\"/&lt;b&gt; &amp; &quot;it&#39;s&quot;\">x</a>"),
    ("{{ name|twice }}", "&lt;b&gt; &amp; &quot;it&#39;s&quot;&lt;b&gt; &amp; &quot;it&#39;s&quot;"),
    ("{{ name|both(id) }}", "&lt;b&gt; &amp; &quot;it&#39;s&quot;+&lt;"), ("{{ name|upper }}", "&lt;B&gt; &amp; &quot;IT&#39;S&quot;"),
    ("{% set x = name %}{{ x }}", "&lt;b&gt; &amp; &quot;it&#39;s&quot;"), ("{{ name|lines }}", "&lt;b&gt; &amp; &quot;it&#39;s&quot;"),
  ])
  func `a row’s text is escaped in every position`(template: String, expected: String) throws {
    #expect(try render(try templates(template), [["<", "<b> & \"it's\""]]) == expected)
  }

  @Test(arguments: [
    ("https://example.com/?a=b&c", "https://example.com/?a=b&amp;c"), ("javascript:alert(1)", "#blocked"), ("JaVaScRiPt:x", "#blocked"),
    ("\u{1}javascript:x", "#blocked"), ("java\tscript:x", "#blocked"), ("data:text/html,x", "#blocked"), ("/path", "/path"), ("", ""),
    ("mailto:a@example.com", "mailto:a@example.com"), (":x", "#blocked"), ("name", "name"),
  ])
  func `a URL in a row is dropped unless its scheme is safe`(address: String, expected: String) throws {
    #expect(try render(try templates("<a href=\"{{ name }}\">x</a>"), [["1", address]]) == "<a href=\"\(expected)\">x</a>")
    #expect(
      try render(try templates("<a href=\"{{ name|picky }}\">x</a>"), [["1", address]]) == "<a href=\"\(expected)\">x</a>")
  }

  @Test func `a condition on a row is evaluated for every row`() throws {
    let set = try templates(
      "{% if name %}[{% if id %}{{ id }}{% else %}-{% endif %}]{% elif id %}({{ id }}){% else %}none{% endif %};{% if name|nothing %}never{% endif %}{% if name|twice %}two{% endif %}\n"
    )
    #expect(try render(set, [["1", "A"], ["", "A"], ["2", ""], ["", ""]]) == "[1];two\n[-];two\n(2);\nnone;\n")
    #expect(try render(try templates("{% if name %}{% if flag %}a{% else %}b{% endif %}{% endif %}c"), [["1", "A"], ["2", ""]]) == "bcc")
    #expect(
      try render(try templates("a{% if name %}{% endif %}b{% if name %}{% else %}c{% endif %}d"), [["1", "A"], ["2", ""]]) == "abdabcd")
  }

  @Test func `partials take a row’s text`() throws {
    let set = try templates(
      "{% partial \"p\" a=name, b=id|twice %}", partials: ["p": "{% args a, b %}<i title=\"{{ a }}\">{{ b }}</i>"])
    #expect(try render(set, [["1", "A"], ["2", "\""]]) == "<i title=\"A\">11</i><i title=\"&quot;\">22</i>")
  }

  @Test func `rows are returned in the requested order`() throws {
    let set = try templates("{{ name }};")
    let page = ViewData(Self.row, ["", false, .slot(Slot(column: 0)), .slot(Slot(column: 1)), []])
    let context = RenderContext(
      globals: ViewData(ViewSchema("frame", [("site", .text)]), [""]), language: .english, now: Timestamp(milliseconds: 0))
    var renderer = RowRenderer(try set.rows("row", page: page, context: context), context)
    let places = try ["a", "bb", "ccc"].map { name in try Self.withBuffers([[], Array(name.utf8)]) { try renderer.render($0) } }
    #expect(renderer.rows(places).markup == "a;bb;ccc;")
    #expect(renderer.rows(places.reversed()).markup == "ccc;bb;a;")
    #expect(renderer.rows([places[1]]).markup == "bb;")
    #expect(renderer.rows([]).markup == "")
  }

  @Test func `translations are resolved before the first row`() throws {
    let greek = try TestPage.greek()
    let set = try templates("{{ t(\"Contacts\") }}: {{ name }}\n")
    #expect(try render(set, [[[], Array("A".utf8)]], language: greek).text == "Επαφές: A\n")
  }

  @Test(arguments: [
    ("{{ name ~ id }}", "row.html:1:4"), ("{{ name == \"x\" }}", "row.html:1:4"), ("{% if not name %}x{% endif %}", "row.html:1:11"),
    ("{% if name and flag %}x{% endif %}", "row.html:1:7"), ("{{ t(\"Edit {name}\", name=name) }}", "row.html:1:26"),
    ("{{ name|default(\"x\") }}", "row.html:1:4"), ("{{ path|both(name) }}", "row.html:1:14"),
    ("{{ \"a\" if name else \"b\" }}", "row.html:1:11"),
    ("{% for x in name %}{% endfor %}", "row.html:1:13"), ("<a href=\"x{{ name }}\">x</a>", "row.html:1:14"),
    ("{{ name|unknown }}", "row.html:1:4"),
    ("{{ nme }}", "row.html:1:4"),
  ])
  func `what depends on rows in the wrong place is an error with its position`(template: String, place: String) throws {
    let errors = try #require(throws: TemplateErrors.self) { try templates(template) }
    #expect(errors.description.contains(place), "\(errors)")
  }

  @Test(arguments: ["<i title=\"{{ column.content }}\"></i>", "{{ column.content|upper }}", "{{ column.content ~ \"x\" }}"])
  func `a template can only be embedded between tags`(use: String) throws {
    let errors = try #require(throws: TemplateErrors.self) { try templates("{% for column in columns %}\(use){% endfor %}") }
    #expect(errors.description.contains("row.html:1:"), "\(errors)")
  }

  @Test func `a cell without its template, or with a broken one, is an error with file and line`() throws {
    let missing = try #require(throws: TemplateErrors.self) {
      try TemplateSet(
        sources: ["row": "x"], globals: ViewSchema("frame", []), pages: ["row": Self.row], fragments: ["cells/text": Self.cell])
    }
    #expect(missing.description.contains("cells/text.html:1:1: missing template"), "\(missing)")
    let broken = try #require(throws: TemplateErrors.self) { try templates("x", cells: ["text": "a\n{{ valu }}"]) }
    #expect(broken.description.contains("cells/text.html:2:4"), "\(broken)")
    #expect(broken.description.contains("did you mean “value”?"), "\(broken)")
  }

  @Test func `a template chosen by code is embedded in a page, in the page’s language`() throws {
    let part = ViewSchema("part", [("name", .text)])
    let page = ViewSchema("page", [("title", .text), ("parts", .list(.fragment))])
    let set = try TemplateSet(
      sources: [
        "page": "<h1>{{ title }}</h1>{% for part in parts %}[{{ part }}]{% endfor %}", "part": "{{ t(\"Contacts\") }} {{ name }}\n",
      ],
      globals: ViewSchema("frame", []), pages: ["page": page], fragments: ["part": part])
    let greek = try TestPage.greek()
    for (language, word) in [(Language.english, "Contacts"), (greek, "Επαφές")] {
      let parts = try ["A & B", "C"].map { try set.fragment("part", ViewData(part, [.text($0)]), in: language) }
      let context = RenderContext(globals: ViewData(ViewSchema("frame", []), []), language: language, now: Timestamp(milliseconds: 0))
      let text = try set.render("page", page: ViewData(page, ["<", .list(parts)]), context: context).text
      #expect(text == "<h1>&lt;</h1>[\(word) A &amp; B][\(word) C]")
    }
  }

  @Test func `a filter that fails for a row’s text is an error with its position`() throws {
    let set = try templates("{{ name|picky }}")
    let error = try #require(throws: TemplateError.self) { try render(set, [["1", "good"], ["2", "bad"]]) }
    #expect(error.description.contains("row.html:1:4: picky does not like this"), "\(error)")
  }

  @Test func `a page with rows’ texts can’t be rendered by itself`() throws {
    let set = try templates("{{ name }}")
    let page = ViewData(Self.row, ["", false, .slot(Slot(column: 0)), .slot(Slot(column: 1)), []])
    let context = RenderContext(
      globals: ViewData(ViewSchema("frame", [("site", .text)]), [""]), language: .english, now: Timestamp(milliseconds: 0))
    #expect(throws: TemplateError.self) { try set.render("row", page: page, context: context).text }
  }

  @Test func `no bytes of a row ever break out of their context`() throws {
    var random = SplitMix(seed: 0x7E57_0004)
    let set = try templates(
      "<a href=\"{{ name }}\" title='{{ id }}'>{{ name }}|{{ id|twice }}|{{ name|picky }}</a>{% for column in columns %}<b>{{ column.content }}</b>{% endfor %}",
      cells: ["text": "<i title=\"{{ value }}\">{{ second }}</i>"])
    let telling = Array("<>&\"'=/ :\tjavascript".utf8)
    for _ in 0..<2_000 {
      let row = (0..<4).map { _ in
        (0..<random.below(40)).map { _ in random.below(2) == 0 ? telling[random.below(telling.count)] : UInt8(random.below(256)) }
      }
      let html = try render(set, [row], columns: ["text"])
      for byte in "<>\"'".utf8 {
        let own = byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") ? 6 : byte == UInt8(ascii: "\"") ? 4 : 2
        #expect(html.count { $0 == byte } == own, "\(row)")
      }
    }
  }

  @Test func `texts of every length are copied and escaped completely`() throws {
    let set = try templates("{{ name }}")
    for length in 0..<70 {
      let harmless = String(repeating: "abcdefghij", count: 7).prefix(length)
      #expect(try render(set, [["", String(harmless)]]) == harmless)
      for place in 0..<length {
        var characters = Array(harmless)
        characters[place] = "&"
        #expect(try render(set, [["", String(characters)]]) == String(characters).replacing("&", with: "&amp;"))
      }
    }
  }
}
