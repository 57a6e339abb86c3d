import Admin
import Base
import Store

/// A series of numbers, one for each kind of document. It counts by the year of the document's date.
enum NumberSeries: String, Sendable, CaseIterable {
  case quote, order, invoice
  case creditNote = "credit_note"

  var label: String {
    switch self {
    case .quote: "Quotes"
    case .order: "Orders"
    case .invoice: "Invoices"
    case .creditNote: "Credit notes"
    }
  }

  var pattern: Setting {
    switch self {
    case .quote: .quoteNumbers
    case .order: .orderNumbers
    case .invoice: .invoiceNumbers
    case .creditNote: .creditNoteNumbers
    }
  }

  /// Takes the next number, in the transaction that writes the document: if that doesn't happen, the number wasn't taken. `day` is the document's date.
  func next(on day: String, _ act: ActContext) throws -> String {
    guard let year = Day(day)?.year else { throw HTTPError.badRequest(Message("Invalid date. Enter it like 2026-11-20.")) }
    // One statement, which holds the counter's row until this transaction ends: no two get the same number, and none is left out.
    let n =
      try act.db.value(
        """
        INSERT INTO number_series (series, year, next) VALUES (\(rawValue), \(year), 2)
        ON CONFLICT (series, year) DO UPDATE SET next = next + 1 RETURNING next - 1
        """) ?? 1
    let text = try NumberPattern(try act.settings(pattern)[pattern].text).text(year: year, n)
    try record(text, year: year, n, act)
    return text
  }

  /// The next number that no document of the type has: after the pattern was changed, or for numbers that were imported, one may be taken.
  /// `condition` is what the unique index of the type's numbers has: without it the index isn't used, and every record is looked at.
  func nextFree(on day: String, in type: RecordType, where condition: SQL = "name_sort <> ''", _ act: ActContext) throws -> String {
    while true {
      let number = try next(on: day, act)
      let taken: SQL = "SELECT 1 FROM \(raw: type.table) WHERE lower(name) = lower(\(number)) AND \(condition)"
      if try act.db.value(taken) == nil { return number }
      try void(number, because: "Already used", act)
    }
  }

  private func record(_ text: String, year: Int, _ n: Int, _ act: ActContext) throws {
    try act.db.run(
      """
      INSERT INTO numbers (series, year, n, text, at, actor_id, actor_name)
      VALUES (\(rawValue), \(year), \(n), \(text), \(act.now), \(act.actor.id), \(act.actor.name))
      ON CONFLICT (series, year, n) DO UPDATE SET voided_at = NULL, voided_by = '', reason = '' WHERE voided_at IS NOT NULL
      """)
  }

  /// A document that is deleted leaves its number, with why it is missing.
  func void(_ number: String, because reason: String, _ act: ActContext) throws {
    try act.db.run(
      """
      UPDATE numbers SET voided_at = \(act.now), voided_by = \(act.actor.name), reason = \(reason)
      WHERE series = \(rawValue) AND text = \(number) AND voided_at IS NULL
      """)
  }

  /// A number that a document brings from elsewhere. One that this series could give counts as given, and the counter goes on after it.
  func take(_ number: String, on day: String, _ act: ActContext) throws {
    guard let year = Day(day)?.year else { return }
    let pattern = try NumberPattern(try act.settings(pattern)[pattern].text)
    guard let n = pattern.number(in: number, year: year) else { return }
    try act.db.run(
      """
      INSERT INTO number_series (series, year, next) VALUES (\(rawValue), \(year), \(n + 1))
      ON CONFLICT (series, year) DO UPDATE SET next = max(next, excluded.next)
      """)
    try record(number, year: year, n, act)
  }
}

extension NumberPattern {
  /// The counted number in a text that this pattern makes; `nil` for any other text.
  func number(in text: String, year: Int) -> Int? {
    let digits = text.split(whereSeparator: { !$0.isASCII || !$0.isNumber })
    return digits.lazy.compactMap { Int($0) }.first { n in n > 0 && n <= 999_999_999 && self.text(year: year, n) == text }
  }
}

extension Setting {
  private static func pattern(_ name: String, _ label: String, _ standard: String) -> Setting {
    Setting(
      Field(
        name, label, NumberPatternField(), hint: "{year} or {yy} is the year, {n:3} the number with at least 3 digits.", size: .half,
        missing: "Enter a pattern."), default: .text(standard))
  }

  static let quoteNumbers = pattern("quote_numbers", "Quote numbers", "QUO-{year}-{n:3}")
  static let orderNumbers = pattern("order_numbers", "Order numbers", "ORD-{year}-{n:3}")
  static let invoiceNumbers = pattern("invoice_numbers", "Invoice numbers", "INV-{year}-{n:3}")
  static let creditNoteNumbers = pattern("credit_note_numbers", "Credit note numbers", "CRN-{year}-{n:3}")
}
