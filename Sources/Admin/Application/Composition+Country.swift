import Foundation
import PhoneNumbers
package import Store

extension Composition {
  /// Chooses whose phone numbers are meant where they don't say it: those of the country in the settings, else of the one that is named, else of the one
  /// where the language of the first user is spoken.
  package static func choosePhoneCountry(_ named: String?, for store: Store) throws {
    PhoneCountry.choose(try store.read { db in try phoneCountry(named, in: db) })
  }

  /// `asChosen` in the settings, or what it is without.
  static func phoneCountry(_ named: String?, in db: Database, asChosen: Bool = true) throws -> String? {
    if asChosen, try !db.columns(of: "settings").isEmpty {
      let chosen = try db.text("SELECT value FROM settings WHERE name = \(Setting.defaultCountry.name)") ?? ""
      if !chosen.isEmpty { return chosen }
    }
    if let named { return named }
    guard try db.columns(of: "users").contains("language") else { return nil }
    return try db.text("SELECT language FROM users ORDER BY created_at, id LIMIT 1").flatMap(country)
  }

  /// The region of a language's tag, else the one where most of its speakers live (Unicode's likely subtags). English says nothing: it is the
  /// language of those who haven't chosen one, too.
  private static func country(of language: String) -> String? {
    let tag = Locale.Language(identifier: language)
    if let region = tag.region { return region.identifier }
    return tag.languageCode == .english ? nil : Locale.Language(identifier: tag.maximalIdentifier).region?.identifier
  }
}
