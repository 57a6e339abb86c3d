import Base

/// A number for VAT with the prefix of its country, such as EL123456783 (BT-31, BT-48).
package struct VATNumber: Sendable, Hashable {
  package let prefix: String
  package let digits: String

  package var text: String { prefix + digits }

  /// Understands numbers with spaces, dots and dashes, with and without prefix; the country is a code of ISO 3166-1. `nil` for what can't be one.
  package init?(_ text: String, country: String) {
    let text = text.uppercased().filter { !$0.isWhitespace && !".-/".contains($0) }
    let own = Self.prefix(of: country)
    let typed = String(text.prefix(2))
    if let prefix = typed == own ? own : Self.prefix(of: typed) ?? (Self.europe.values.contains(typed) ? typed : nil) {
      (self.prefix, digits) = (prefix, String(text.dropFirst(2)))
    } else if let own {
      (prefix, digits) = (own, text)
    } else {
      return nil
    }
    guard 2...15 ~= digits.utf8.count, digits.utf8.allSatisfy({ 48...57 ~= $0 || 65...90 ~= $0 || $0 == 42 || $0 == 43 }) else {
      return nil
    }
    guard digits.utf8.contains(where: { 48...57 ~= $0 }) else { return nil }
    guard prefix != Self.greekPrefix || Self.isGreekTaxNumber(digits) else { return nil }
  }

  /// The prefix of a country's numbers: that of VIES in the European Union, elsewhere its code. `nil` for an unknown country.
  package static func prefix(of country: String) -> String? {
    let country = country.uppercased()
    return europe[country] ?? (Country.name(of: country) == nil ? nil : country)
  }

  /// By the member states of the European Union, and Northern Ireland.
  package static let europe: [String: String] = {
    let same = "AT BE BG CY CZ DE DK EE ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI"
    var prefixes = ["GR": greekPrefix]
    for code in same.split(separator: " ") { prefixes[String(code)] = String(code) }
    return prefixes
  }()

  private static let greekPrefix = "EL"

  /// Whether these are the nine digits of a Greek tax number: the last one checks the others.
  package static func isGreekTaxNumber(_ text: String) -> Bool {
    let digits = text.utf8.map { Int($0) - 48 }
    guard digits.count == 9, digits.allSatisfy({ 0...9 ~= $0 }), digits.contains(where: { $0 != 0 }) else { return false }
    return digits.dropLast().reduce(0) { ($0 + $1) * 2 } % 11 % 10 == digits[8]
  }
}
