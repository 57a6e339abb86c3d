import Foundation
import Testing

@testable import Templating

/// Languages, and which of them a visitor gets.
@Suite struct LanguageTests {
  @Test func `a folder of PO files makes languages`() throws {
    let folder = NSTemporaryDirectory() + "roost-languages-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in [("el.po", "Ναι"), ("de.po", "Ja"), ("pt-BR.po", "Sim"), ("notes.txt", "x")] {
      try "msgid \"Yes\"\nmsgstr \"\(text)\"\n".write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }
    let languages = try Languages(folder: folder)
    #expect(languages.available.map(\.tag) == ["en", "de", "el", "pt-BR"])
    #expect(languages.language("el").text("Yes") == "Ναι")
    #expect(languages.language("EL-gr").tag == "el")
    #expect(languages.language("xx").text("Yes") == "Yes")
  }

  @Test func `a language without a file falls back to English`() throws {
    #expect(try Languages(folder: "/nonexistent").available.map(\.tag) == ["en"])
  }

  @Test func `placeholders are filled, unknown ones stay`() {
    let language = Language.english
    #expect(language.text("{a} and {b}", ["a": "x", "b": 1_234]) == "x and 1,234")
    #expect(language.text("{a} {zz} {", ["a": "{b}"]) == "{b} {zz} {")
    #expect(Language.placeholders(in: "{a} {b c} }{ {d}") == ["a", "b c", " {d"])
  }

  @Test func `whole numbers are grouped as in the language`() {
    #expect(
      [0, 999, 1_000, -1_000, 1_234_567, Int.min].map(Language.english.number) == [
        "0", "999", "1,000", "-1,000", "1,234,567", "-9,223,372,036,854,775,808",
      ])
    #expect(Language(tag: "el").number(-12_345) == "-12.345")
    #expect(Language(tag: "fr").number(1_000) == "1\u{202F}000")
    #expect([1_234, 12_345].map(Language(tag: "es").number) == ["1234", "12.345"])
  }

  @Test func `a plural without a translation uses the English forms`() {
    #expect(Language(tag: "el").plural("{n} day", "{n} days", count: 1) == "1 day")
    #expect(Language(tag: "el").plural("{n} day", "{n} days", count: 0) == "0 days")
  }
}
