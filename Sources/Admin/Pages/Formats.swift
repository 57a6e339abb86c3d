package import Base
package import Templating

/// How numbers, dates and codes read for one visitor: in their language and their time zone.
package struct Formats: Sendable {
  package let language: Language
  let zone: ZoneClock
  package let now: Timestamp
  /// What amounts of money are in where nobody says it.
  var currency = "EUR"
  /// Whether nobody reads it: see `exact`.
  private(set) var isExact = false
  /// Whether spreadsheets read it, which know a day and a time by the form `2026-11-20 14:05`.
  private(set) var isSortable = false

  /// As files, histories and addresses have numbers and times.
  static let exact: Formats = {
    var formats = Formats(language: .english, zone: ZoneClock("UTC"), now: Timestamp(milliseconds: 0))
    formats.isExact = true
    return formats
  }()

  /// The same for files that spreadsheets open.
  package var forSpreadsheets: Formats {
    var formats = self
    formats.isSortable = true
    return formats
  }

  package init(language: Language, zone: ZoneClock, now: Timestamp) {
    (self.language, self.zone, self.now) = (language, zone, now)
  }

  /// For what follows from the language alone: a number, an amount, a day of the calendar.
  init(of language: Language) { self.init(language: language, zone: ZoneClock("UTC"), now: Timestamp(milliseconds: 0)) }

  package func number(_ n: Int) -> String { language.number(n) }

  /// A size, like `21.8 KB`.
  package func size(_ bytes: Int) -> String { ByteCount.text(bytes, in: language) }

  /// A stored moment as a day, `20 Nov 2026`.
  package func day(_ stored: String) -> String {
    guard let moment = Timestamp(stored) else { return stored }
    let local = zone.local(moment)
    return isSortable ? String(WallTime(local).text.prefix(10)) : DatePattern.of(language).day(local)
  }

  /// A day of the calendar, `20 Nov 2026`.
  package func date(_ stored: String) -> String {
    guard !isSortable, let day = Day(stored), let start = Timestamp(year: day.year, month: day.month, day: day.day) else { return stored }
    return DatePattern.of(language).day(start.civil)
  }

  /// A stored moment to the minute, `20 Nov 2026, 14:05`.
  package func minute(_ stored: String) -> String {
    guard let moment = Timestamp(stored) else { return stored }
    let local = zone.local(moment)
    return isSortable ? WallTime(local).text.replacing("T", with: " ") : DatePattern.of(language).minute(local)
  }

  package func status(_ status: String) -> String {
    RecordStatus.all.first { $0.value == status }.map { language.text($0.label) } ?? status
  }

  /// All of them, for what has one in every row.
  var statuses: [(value: String, name: String)] { RecordStatus.all.map { ($0.value, language.text($0.label)) } }

  /// A country's name, the code itself where there is none.
  package func country(_ code: String) -> String { code.isEmpty ? "" : LocaleNames.of(language).country(code) }

  /// A language's name, the tag itself where there is none.
  package func languageName(_ tag: String) -> String { LocaleNames.of(language).language(tag) }
}

extension RequestContext {
  package var formats: Formats {
    var formats = Formats(language: language, zone: ZoneClock(session?.user.timeZone ?? "UTC"), now: now)
    formats.currency = settings[.defaultCurrency].text
    return formats
  }
}
