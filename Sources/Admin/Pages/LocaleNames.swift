import Base
import Foundation
import Synchronization
import Templating

/// What countries and languages are called in a language of the pages. In English they are in `Base`; in others the platform has them (Unicode's CLDR),
/// save where the language's own file says better. Asked for once per language, then looked up.
final class LocaleNames: Sendable {
  private let countries: [String: String]
  private let languages: [String: String]

  private init(_ language: Language) {
    // English itself is asked for nothing, so that it costs nothing.
    let locale = language === Language.english ? nil : Locale(identifier: language.tag)
    func name(_ english: String, _ platform: (Locale) -> String?) -> String {
      if language.has(english) { return language.text(english) }
      return locale.flatMap(platform).map(Self.capitalized) ?? english
    }
    countries = Dictionary(
      uniqueKeysWithValues: Country.all.map { known in (known.code, name(known.name) { $0.localizedString(forRegionCode: known.code) }) })
    languages = Dictionary(
      uniqueKeysWithValues: LanguageTag.common.map { known in
        (known.code, name(known.name) { $0.localizedString(forIdentifier: known.code) })
      })
  }

  private static let made = Mutex<[String: LocaleNames]>([:])

  static func of(_ language: Language) -> LocaleNames {
    if let known = made.withLock({ $0[language.tag] }) { return known }
    let names = LocaleNames(language)
    made.withLock { $0[language.tag] = names }
    return names
  }

  /// A country's name by its code, in either letter case; the code itself where there is none.
  func country(_ code: String) -> String { countries[code] ?? countries[code.uppercased()] ?? code }

  /// The name of a common language; the tag itself of any other.
  func language(_ tag: String) -> String { languages[tag] ?? tag }

  /// As in a list: within a sentence, some languages write such names in small letters.
  private static func capitalized(_ name: String) -> String {
    guard let first = name.unicodeScalars.first else { return name }
    return first.properties.titlecaseMapping + String(name.unicodeScalars.dropFirst())
  }
}
