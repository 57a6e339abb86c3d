import Admin
import Base
import Store
import Templating

/// Below the settings of numbers: that each series has no gap, and why a number that was given has no document.
enum NumbersPanel {
  private static let gapShape = ViewSchema(
    "number-gap", [("numbers", .text), ("why", .text), ("at", .text), ("time", .text)])
  private static let voidedShape = ViewSchema(
    "number-voided", [("number", .text), ("reason", .text), ("by", .text), ("at", .text), ("time", .text)])
  private static let yearShape = ViewSchema(
    "number-year",
    [
      ("label", .text), ("year", .text), ("last", .text), ("says", .text), ("isComplete", .bool),
      ("gaps", .list(.record(gapShape))), ("moreGaps", .text), ("voided", .list(.record(voidedShape))), ("moreVoided", .text),
    ])
  private static let shape = ViewSchema("numbers", [("years", .list(.record(yearShape)))])
  /// Lines of each kind; there are more only after years of many deletions.
  private static let shown = 100

  static let panel = PagePanel(on: .settings("documents"), template: "documents/numbers", schema: shape) { shape, context, db in
    ViewData(shape, [.list(try NumberAudit.all(in: db).map { .record(try data($0, context, in: db)) })])
  }

  private static func data(_ year: NumberAudit, _ context: RequestContext, in db: Database) throws -> ViewData {
    let (gaps, voided) = (try year.gaps(limit: shown + 1, in: db), try year.voided(limit: shown + 1, in: db))
    let formats = context.formats
    let more = context.text(Message("There are more, which aren’t shown here."))
    return ViewData(
      yearShape,
      [
        .text(context.language.text(year.series.label)), .text(String(year.year)), .text(year.lastText),
        .text(
          context.text(
            year.missing == 0
              ? Message("No gap: the last number is {last}, and {n} were given.", numbers: ["last": year.last, "n": year.given])
              : Message(
                "{n} number isn’t there: the last is {last}.", "{n} numbers aren’t there: the last is {last}.", count: year.missing,
                ["last": formats.number(year.last)]))),
        .bool(year.missing == 0),
        .list(
          gaps.prefix(shown).map { gap in
            .record(
              ViewData(
                gapShape,
                [
                  .text(gap.first == gap.last ? "\(gap.first)" : "\(gap.first)–\(gap.last)"), .text(context.text(why(gap))),
                  .text(gap.next?.at ?? ""), .text(gap.next.map { formats.minute($0.at) } ?? ""),
                ]))
          }), .text(gaps.count > shown ? more : ""),
        .list(
          voided.prefix(shown).map { number in
            .record(
              ViewData(
                voidedShape,
                [
                  // Reasons are the product's own words.
                  .text(number.text), .text(context.language.text(number.reason)), .text(number.by), .text(number.at),
                  .text(formats.minute(number.at)),
                ]))
          }), .text(voided.count > shown ? more : ""),
      ])
  }

  private static func why(_ gap: NumberAudit.Gap) -> Message {
    guard let next = gap.next else { return Message("Counted, but never recorded. Check the database.") }
    return Message("Skipped: {name} brought {number} along, as an import does.", ["name": next.by, "number": next.text])
  }
}

/// What the numbers of a series in a year come to.
struct NumberAudit: Sendable {
  let series: NumberSeries
  let year: Int
  /// The highest number that was given.
  let last: Int
  let lastText: String
  /// How many were given.
  let given: Int

  var missing: Int { last - given }

  /// By series, the newest year first.
  static func all(in db: Database) throws -> [NumberAudit] {
    let found = try db.all(
      """
      SELECT s.series, s.year, s.next - 1, coalesce((SELECT n.text FROM numbers n WHERE n.series = s.series AND n.year = s.year AND n.n = s.next - 1), ''),
        (SELECT count(*) FROM numbers n WHERE n.series = s.series AND n.year = s.year)
      FROM number_series s ORDER BY s.year DESC
      """
    ) { row in
      NumberSeries(rawValue: row.text(0)).map {
        NumberAudit(series: $0, year: row.int(1), last: row.int(2), lastText: row.text(3), given: row.int(4))
      }
    }.compactMap(\.self)
    return NumberSeries.allCases.flatMap { series in found.filter { $0.series == series } }
  }

  struct Gap: Sendable {
    let first: Int
    let last: Int
    /// The number after it. The counter leaves none out, so a document brought that one along. `nil` if there is none.
    let next: (text: String, by: String, at: String)?
  }

  func gaps(limit: Int, in db: Database) throws -> [Gap] {
    guard missing > 0 else { return [] }
    var gaps = try db.all(
      """
      SELECT before + 1, n - 1, text, actor_name, at FROM (
        SELECT n, lag(n, 1, 0) OVER (ORDER BY n) AS before, text, actor_name, at FROM numbers WHERE series = \(series.rawValue) AND year = \(year)
      ) WHERE n > before + 1 ORDER BY n LIMIT \(limit)
      """
    ) { Gap(first: $0.int(0), last: $0.int(1), next: (text: $0.text(2), by: $0.text(3), at: $0.text(4))) }
    let end = try db.value("SELECT max(n) FROM numbers WHERE series = \(series.rawValue) AND year = \(year)") ?? 0
    if end < last { gaps.append(Gap(first: end + 1, last: last, next: nil)) }
    return gaps
  }

  /// Numbers without a document, the newest first.
  func voided(limit: Int, in db: Database) throws -> [(text: String, reason: String, by: String, at: String)] {
    try db.all(
      """
      SELECT text, reason, voided_by, voided_at FROM numbers
      WHERE series = \(series.rawValue) AND year = \(year) AND voided_at IS NOT NULL ORDER BY n DESC LIMIT \(limit)
      """
    ) { (text: $0.text(0), reason: $0.text(1), by: $0.text(2), at: $0.text(3)) }
  }
}
