import Base
import PhoneNumbers

extension Setting {
  package static let installationName = Setting(
    Field(
      "installation_name", "Name", LineField(limit: 40), hint: "Shown on the sign-in page, in the sidebar and in the title of every page.",
      missing: "Enter a name."),
    default: .text("Roost"))

  static let defaultLanguage = Setting(
    Field(
      "default_language", "Language", PageLanguageField(),
      hint: "For users who haven’t chosen a language, if their browser asks for none that Roost speaks.", missing: "Choose a language."),
    default: .text("en"))

  static let defaultTimeZone = Setting(
    Field(
      "default_time_zone", "Time zone", ZoneField(none: "As in the user’s browser"),
      hint: "New accounts get it at their first sign-in. Everybody can choose another one."))

  static let defaultCountry = Setting(
    Field(
      "default_country", "Country", CountryField(),
      hint: "Phone numbers without a country code are from here. Stored numbers are read again when it changes."),
    check: { value, _ in
      value.isEmpty || PhoneNumber.knows(country: value.text) ? nil : Message("Phone numbers of this country are not known.")
    },
    whenSet: { _, act in try act.enqueue(.phoneNumbers, key: "all", priority: .high) })

  static let defaultCurrency = Setting(
    Field(
      "default_currency", "Currency", CurrencyField(), hint: "Forms begin with it where an amount of money is entered.",
      missing: "Choose a currency."),
    default: .text("EUR"))

  static let crmIsOn = Setting(
    Field(
      "crm_on", "The CRM is on", FlagField(),
      hint:
        "While it is off, nobody opens contacts, companies and all that belongs to them. Nothing is deleted; users keep their account and inbox."
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
      SettingsSection(id: "installation", title: "This installation", settings: [.installationName, .crmIsOn]),
      SettingsSection(
        id: "defaults", title: "Defaults", hint: "Where nobody has chosen something else.",
        settings: [.defaultLanguage, .defaultTimeZone, .defaultCountry, .defaultCurrency]),
    ])
}
