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

  private static func country(of language: String) -> String? {
    let parts = language.split(separator: "-").map(String.init)
    if let region = parts.dropFirst().last(where: { $0.utf8.count == 2 }) { return region.uppercased() }
    return parts.first.flatMap { homes[$0] }
  }

  /// Where languages are spoken that are, for the most part, one country's.
  private static let homes = [
    "bg": "BG", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "es": "ES", "fi": "FI", "fr": "FR", "hr": "HR", "hu": "HU", "it": "IT",
    "ja": "JP", "nl": "NL", "no": "NO", "pl": "PL", "pt": "PT", "ro": "RO", "sq": "AL", "sr": "RS", "sv": "SE", "tr": "TR", "uk": "UA",
  ]
}
