import Foundation
import PhoneNumbers
package import Store

extension Composition {
  /// Chooses whose phone numbers are meant where they don't say it: those of the country that is named, else of the one where the language of the first
  /// user is spoken.
  package static func choosePhoneCountry(_ named: String?, for store: Store) throws {
    if let named { return PhoneCountry.choose(named) }
    let language = try store.read { db -> String? in
      guard try db.columns(of: "users").contains("language") else { return nil }
      return try db.text("SELECT language FROM users ORDER BY created_at, id LIMIT 1")
    }
    PhoneCountry.choose(language.flatMap(country))
  }

  /// The region of a language's tag, else the one where most of its speakers live (Unicode's likely subtags). English says nothing: it is the
  /// language of those who haven't chosen one, too.
  private static func country(of language: String) -> String? {
    let tag = Locale.Language(identifier: language)
    if let region = tag.region { return region.identifier }
    return tag.languageCode == .english ? nil : Locale.Language(identifier: tag.maximalIdentifier).region?.identifier
  }
}
