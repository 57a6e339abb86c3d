import Base
import PhoneNumbers

extension Setting {
  package static let installationName = Setting(
    Field(
      "installation_name", "Name", LineField(limit: 40), hint: "Shown on the sign-in page, in the sidebar and in the title of every page.",
      missing: "Enter a name."),
    default: .text("Roost"))

  static let logo = Setting(
    Field(
      "logo", "Logo", LogoField(),
      hint:
        "A PNG, JPEG or WebP image, shown on the sign-in page and at the top of every page. Transparent parts are white in dark mode."
    ),
    whenSet: { value, act in if let logo = Logo(value.text) { try LogoStore.keep(logo, in: act.db) } })

  package static let defaultLanguage = Setting(
    Field(
      "default_language", "Language", PageLanguageField(),
      hint: "Used when a user hasn’t chosen a language and their browser’s language isn’t available.", missing: "Choose a language."),
    default: .text("en"))

  package static let defaultTimeZone = Setting(
    Field(
      "default_time_zone", "Time zone", ZoneField(none: "As in the user’s browser"),
      hint: "New accounts get it at their first sign-in. Everybody can choose another one."))

  static let defaultCountry = Setting(
    Field(
      "default_country", "Country", CountryField(),
      hint: "Used for phone numbers without a country code. If you change it, stored numbers are reinterpreted."),
    check: { value, _ in
      value.isEmpty || PhoneNumber.knows(country: value.text) ? nil : Message("Phone numbers for this country aren’t supported.")
    },
    whenSet: { _, act in try act.enqueue(.phoneNumbers, key: "all", priority: .high) })

  package static let defaultCurrency = Setting(
    Field(
      "default_currency", "Currency", CurrencyField(), hint: "Preselected wherever an amount of money is entered.",
      missing: "Choose a currency."),
    default: .text("EUR"))

  static let crmIsOn = Setting(
    Field(
      "crm_on", "The CRM is on", FlagField(),
      hint:
        "While it’s off, no one can open contacts, companies or related records. Nothing is deleted; users keep their account and inbox."
    ),
    default: .integer(1))
}

extension Settings {
  package var isCRMOn: Bool { !self[.crmIsOn].isEmpty }
}

extension SettingsTab {
  static let general = SettingsTab(
    id: "general", label: "General", place: 0,
    sections: [
      SettingsSection(id: "installation", title: "This installation", settings: [.installationName, .logo, .crmIsOn]),
      SettingsSection(
        id: "defaults", title: "Defaults", hint: "Used where nothing else has been chosen.",
        settings: [.defaultLanguage, .defaultTimeZone, .defaultCountry, .defaultCurrency]),
    ])
}
