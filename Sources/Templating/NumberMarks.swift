import Foundation

/// The marks in a language's numbers, by Unicode's CLDR: `1,234.5`, `1.234,5`, `1 234,5`.
package struct NumberMarks: Sendable {
  /// Before the decimals.
  package let decimal: Character
  /// Between groups of three digits.
  package let group: Character
  /// How many digits a number needs for groups: Spanish has `1234`, and `12.345`.
  private let fewest: Int

  static let english = NumberMarks(decimal: ".", group: ",", fewest: 4)

  private init(decimal: Character, group: Character, fewest: Int) {
    (self.decimal, self.group, self.fewest) = (decimal, group, fewest)
  }

  init(of tag: String) {
    let locale = Locale(identifier: tag)
    self.init(
      decimal: locale.decimalSeparator?.first ?? ".", group: locale.groupingSeparator?.first ?? ",",
      fewest: 1_000.formatted(.number.locale(locale)).count > 4 ? 4 : 5)
  }

  /// The digits of a whole number, in groups.
  package func grouped(_ digits: String) -> String {
    guard digits.utf8.count >= fewest else { return digits }
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index).isMultiple(of: 3) { out.append(group) }
      out.append(digit)
    }
    return out
  }
}
