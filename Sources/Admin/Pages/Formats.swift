package import Base
package import Templating

/// How numbers, dates and codes read for one visitor: in their language and their time zone.
package struct Formats: Sendable {
  package let language: Language
  let zone: ZoneClock
  package let now: Timestamp
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
  var forSpreadsheets: Formats {
    var formats = self
    formats.isSortable = true
    return formats
  }

  package init(language: Language, zone: ZoneClock, now: Timestamp) {
    (self.language, self.zone, self.now) = (language, zone, now)
  }

  package func number(_ n: Int) -> String { language.number(n) }

  /// A stored moment as a day, `20 Nov 2026`.
  package func day(_ stored: String) -> String {
    guard let moment = Timestamp(stored) else { return stored }
    let local = zone.local(moment)
    if isSortable { return String(WallTime(local).text.prefix(10)) }
    return "\(local.day) \(month(local.month)) \(local.year)"
  }

  /// A day of the calendar, `20 Nov 2026`.
  package func date(_ stored: String) -> String {
    guard !isSortable, let day = Day(stored) else { return stored }
    return "\(day.day) \(month(day.month)) \(day.year)"
  }

  /// A stored moment to the minute, `20 Nov 2026, 14:05`.
  package func minute(_ stored: String) -> String {
    guard let moment = Timestamp(stored) else { return stored }
    let local = zone.local(moment)
    if isSortable { return WallTime(local).text.replacing("T", with: " ") }
    return "\(local.day) \(month(local.month)) \(local.year), \(two(local.hour)):\(two(local.minute))"
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

  fileprivate func month(_ n: Int) -> String { language.text(Self.months[n - 1]) }

  private func two(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }

  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

/// Writes days as `Formats.day` does, for what has one in every row.
struct DayWriter: Sendable {
  private let zone: ZoneClock
  private let months: [String]

  init(_ formats: Formats) { (zone, months) = (formats.zone, (1...12).map(formats.month)) }

  func append(_ stored: UnsafeBufferPointer<UInt8>, to out: inout ByteBuffer) {
    guard let moment = Timestamp(utf8: stored) else { return out.append(stored) }
    let local = zone.local(moment)
    out.append(local.day)
    out.append(" ")
    out.append(months[local.month - 1])
    out.append(" ")
    out.append(local.year)
  }
}

extension RequestContext {
  package var formats: Formats {
    Formats(language: language, zone: ZoneClock(session?.user.timeZone ?? "UTC"), now: now)
  }
}
