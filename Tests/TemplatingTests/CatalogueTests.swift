import TestKit
import Testing

@testable import Templating

/// gettext PO files.
@Suite struct CatalogueTests {
  private func texts(_ text: String) throws -> [String: [String]] { try Catalogue(parsing: text, file: "x.po").texts }

  @Test func `texts, plurals and contexts are read`() throws {
    let texts = try texts(
      """
      # A comment.
      msgid ""
      msgstr ""
      "Content-Type: text/plain; charset=UTF-8\\n"
      "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

      #: contacts/list.html:3
      msgid "Name"
      msgstr "Όνομα"

      msgctxt "of a company"
      msgid "Name"
      msgstr "Επωνυμία"

      msgid "{n} row"
      msgid_plural "{n} rows"
      msgstr[0] "{n} γραμμή"
      msgstr[1] "{n} γραμμές"
      """)
    #expect(texts == ["Name": ["Όνομα"], "of a company\u{4}Name": ["Επωνυμία"], "{n} row": ["{n} γραμμή", "{n} γραμμές"]])
  }

  @Test func `a text can span several lines and contain escapes`() throws {
    let texts = try texts(
      #"""
      msgid ""
      "one "
      "two"
      msgstr "a\n"
      "\t\"b\" \\"
      """#)
    #expect(texts == ["one two": ["a\n\t\"b\" \\"]])
  }

  @Test func `fuzzy, empty and obsolete entries are left out`() throws {
    let texts = try texts(
      """
      #, fuzzy
      msgid "a"
      msgstr "x"

      msgid "b"
      msgstr ""

      #~ msgid "c"
      #~ msgstr "x"

      msgid "d"
      msgid_plural "ds"
      msgstr[0] "x"
      msgstr[1] ""

      #, c-format
      msgid "e"
      msgstr "x"
      """)
    #expect(texts == ["e": ["x"]])
  }

  @Test func `entries don't need empty lines between them`() throws {
    #expect(
      try texts("msgid \"a\"\nmsgstr \"x\"\nmsgid \"b\"\nmsgstr \"y\"\n#, fuzzy\nmsgid \"c\"\nmsgstr \"z\"") == ["a": ["x"], "b": ["y"]])
  }

  @Test func `lines can end as on Windows`() throws {
    #expect(try texts("msgid \"a\"\r\nmsgstr \"x\"\r\n\r\nmsgid \"b\"\r\nmsgstr \"y\"\r\n") == ["a": ["x"], "b": ["y"]])
  }

  @Test(arguments: [
    ("msgid \"a\"\nmsgstr x", "x.po:2: expected a quoted string"), ("msgid \"a\"\n\nfoo \"b\"", "x.po:3: unknown keyword “foo”"),
    ("\"a\"", "x.po:1: string without a keyword"), ("msgid", "x.po:1: expected a keyword and a string"),
    ("msgid \"a\\qb\"", "x.po:1: unknown escape “\\q”"), ("msgid \"a\"b\"", "x.po:1: unescaped quote in a string: write \\\""),
    ("msgid \"a\\\"", "x.po:1: unterminated escape"),
    ("msgid \"a\"\nmsgstr[x] \"b\"", "x.po:2: invalid plural index"),
    ("msgid \"a\"\nmsgstr[99] \"b\"", "x.po:2: invalid plural index"),
  ])
  func `errors have a line`(text: String, message: String) {
    let error = #expect(throws: CatalogueError.self) { try texts(text) }
    #expect(error?.description == message)
  }

  @Test func `mutated files are read or refused`() throws {
    var random = SplitMix(seed: 0x90_0001)
    let sound = Array(
      "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n<5 ? 1 : 2);\\n\"\n\n#, fuzzy\nmsgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\nmsgstr[1] \"d\"\n"
    )
    let telling = Array("\"\\[]()?:!&|=<>%n0\n\r #")
    for _ in 0..<3_000 {
      var text = sound
      for _ in 0...random.below(6) {
        let place = random.below(text.count)
        if random.below(2) == 0 { text[place] = telling[random.below(telling.count)] } else { text.remove(at: place) }
      }
      guard let catalogue = try? Catalogue(parsing: String(text), file: "x.po") else { continue }
      for n in [0, 1, 5, 1_000_000, -3] { #expect(catalogue.plural.form(for: n) >= 0) }
    }
  }
}
