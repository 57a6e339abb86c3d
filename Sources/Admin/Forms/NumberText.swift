import Base
import Templating

/// Numbers as texts have them, read and written exactly: whole numbers of the smallest step, never floating point. `12.5` with two places is 1250.
package struct NumberText: Sendable {
  /// As in files, without a language: `1234.50`.
  private let marks: NumberMarks?

  static let exact = NumberText(marks: nil)

  private init(marks: NumberMarks?) { self.marks = marks }

  /// As people of this language type it: `1,234.50`, `1.234,50`. Spaces and apostrophes between groups mean the same everywhere.
  init(_ language: Language) { self.init(marks: language.marks) }

  private var decimalMark: Character { marks?.decimal ?? "." }

  package enum Problem: Error {
    case notANumber
    case tooManyPlaces
  }

  static func power(_ n: Int) -> Int { (0..<n).reduce(1) { power, _ in power * 10 } }

  /// 18 digits fit, whatever is added to one.
  static let most = 999_999_999_999_999_999

  package func read(_ text: String, places: Int) throws(Problem) -> Int {
    if decimalMark == ".", let n = Self.plain(text.utf8, places: places) { return n }
    var rest = text[...]
    let isNegative = rest.first.map { "-−".contains($0) } ?? false
    if isNegative || rest.first == "+" { rest = rest.dropFirst() }
    let parts = rest.split(separator: decimalMark(in: rest), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap(digits) else { throw .notANumber }
    let fraction = parts.count > 1 ? parts[1] : ""
    guard !(whole + fraction).isEmpty, fraction.utf8.allSatisfy({ 48...57 ~= $0 }) else { throw .notANumber }
    // Zeros at the end say nothing.
    let counted = fraction.prefix(places)
    guard fraction.dropFirst(places).allSatisfy({ $0 == "0" }) else { throw .tooManyPlaces }
    let padded = whole + counted + String(repeating: "0", count: places - counted.count)
    guard let n = Int(padded), n <= Self.most else { throw .notANumber }
    return isNegative ? -n : n
  }

  /// A number as this program writes it, by its bytes: pages have hundreds of them. `nil` for what has to be looked at more closely.
  private static func plain(_ text: String.UTF8View, places: Int) -> Int? {
    var (n, digits, fraction, isNegative) = (0, 0, -1, false)
    for (place, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        if fraction >= 0 { fraction += 1 }
        guard digits <= 18, fraction <= places else { return nil }
        n = n * 10 + Int(byte - UInt8(ascii: "0"))
      case UInt8(ascii: ".") where fraction < 0: fraction = 0
      case UInt8(ascii: "-") where place == 0: isNegative = true
      default: return nil
      }
    }
    let missing = places - max(0, fraction)
    guard digits > 0, digits + missing <= 18 else { return nil }
    for _ in 0..<missing { n *= 10 }
    return isNegative ? -n : n
  }

  /// People write `1.5` where the mark is a comma, and the other way round. Such a mark is no group mark if it comes once and not before the last
  /// three digits, or after a lone 0.
  private func decimalMark(in text: Substring) -> Character {
    guard let marks, !text.contains(marks.decimal) else { return decimalMark }
    let other: Character = marks.decimal == "," ? "." : ","
    let parts = text.split(separator: other, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].allSatisfy({ $0.isASCII && $0.isNumber }), !parts[1].isEmpty else { return decimalMark }
    return parts[1].count != 3 || parts[0].isEmpty || parts[0] == "0" ? other : decimalMark
  }

  /// The digits of the part before the decimal mark; `nil` where marks stand in other places than before each three digits.
  private func digits(_ text: Substring) -> String? {
    let marks = Set(text.filter { !$0.isASCII || !$0.isNumber })
    guard let mark = marks.first else { return String(text) }
    guard marks.count == 1, isGroupMark(mark) else { return nil }
    let groups = text.split(separator: mark, omittingEmptySubsequences: false)
    guard 1...3 ~= groups[0].count, groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
    return groups.joined()
  }

  private func isGroupMark(_ mark: Character) -> Bool {
    guard let marks else { return false }
    return mark == marks.group || mark.isWhitespace || mark == "'" || mark == "’"
  }

  /// The number with its places; of those beyond `fewest` none that end in zeros. Forms have it without marks between groups, pages with them.
  package func write(_ n: Int, places: Int, fewest: Int? = nil, grouped: Bool = false) -> String {
    var (n, places) = (n, places)
    while places > fewest ?? places, n.isMultiple(of: 10) { (n, places) = (n / 10, places - 1) }
    let digits = String(n.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let digitsBefore = String(padded.dropLast(places))
    let whole = grouped ? marks?.grouped(digitsBefore) ?? digitsBefore : digitsBefore
    return (n < 0 ? "-" : "") + whole + (places == 0 ? "" : String(decimalMark) + padded.suffix(places))
  }
}
