import Base
import Testing

@testable import Admin
@testable import Templating

/// Dates, numbers, amounts and sizes, as each language writes them.
@Suite struct LocaleFormatsTests {
  private func formats(_ tag: String) -> Formats {
    Formats(language: tag == "en" ? .english : Language(tag: tag), zone: ZoneClock("Europe/Athens"), now: Timestamp(milliseconds: 0))
  }

  @Test(arguments: [
    ("en", "20 Nov 2026", "3 Mar 2026, 09:05"), ("el", "20 Νοε 2026", "3 Μαρ 2026, 09:05"), ("de", "20. Nov. 2026", "3. März 2026, 09:05"),
    ("fr", "20 nov. 2026", "3 mars 2026 à 09:05"), ("bg", "20.11.2026\u{202F}г.", "3.03.2026\u{202F}г., 9:05"),
    ("ja", "2026年11月20日", "2026年3月3日 9:05"), ("pt", "20 de nov. de 2026", "3 de mar. de 2026, 09:05"),
  ])
  func `a day and a minute read as the language writes them`(tag: String, day: String, minute: String) {
    let formats = formats(tag)
    #expect(formats.date("2026-11-20") == day)
    #expect(formats.day("2026-11-19T23:00:00.000Z") == day)
    #expect(formats.minute("2026-03-03T07:05:59.000Z") == minute)
  }

  @Test func `a day in files is the same in every language`() {
    #expect(formats("de").forSpreadsheets.date("2026-11-20") == "2026-11-20")
    #expect(formats("de").forSpreadsheets.minute("2026-03-03T07:05:59.000Z") == "2026-03-03 09:05")
  }

  @Test(arguments: [
    (0, "en", "0 bytes"), (1, "en", "1 byte"), (999, "en", "999 bytes"), (21_840, "en", "21.8 KB"), (21_840, "de", "21,8 KB"),
    (99_949, "en", "99.9 KB"), (99_950, "en", "100 KB"), (999_499, "en", "999 KB"), (999_500, "en", "1.0 MB"),
    (250_000_000, "el", "250 MB"),
    (3_000_000_000_000_000, "de", "3.000 TB"),
  ])
  func `a size has three digits and the marks of the language`(bytes: Int, tag: String, text: String) {
    #expect(formats(tag).size(bytes) == text)
  }

  @Test func `a sentence writes its numbers and sizes as its reader does, also on the next page`() throws {
    let messages = [
      Message("At most {n} characters.", numbers: ["n": 5_000]),
      Message("“{name}” is too large: {n} at most.", ["name": "a"], sizes: ["n": 1_500]),
      Message("{n} day", "{n} days", count: 1), Message("{n} day", "{n} days", count: 2_000),
      Message("{a}", labels: ["a": ["Name", "City"]]),
    ]
    let expected = ["At most 5.000 characters.", "“a” is too large: 1,5 KB at most.", "1 day", "2.000 days", "Name, City"]
    #expect(messages.map { $0.text(in: Language(tag: "de")) } == expected)
    for message in messages {
      let flash = Flash(message)
      #expect(Flash(sealed: flash.sealed(for: "token"), for: "token") == flash)
    }
  }
}
