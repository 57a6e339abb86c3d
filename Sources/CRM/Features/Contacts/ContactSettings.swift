import Admin

extension Setting {
  static let contactSources = Setting(
    Field(
      "contact_sources", "Sources of contacts", LinesField(),
      hint:
        "Offered in this order in the contact form, one per line. Contacts keep the source that they have when a line is changed or removed."
    ))

  static let industries = Setting(
    Field(
      "industries", "Industries of companies", LinesField(),
      hint:
        "Offered in this order in the company form, before others that companies have, one per line. Companies keep the industry that they have."
    ))
}

extension SettingsTab {
  static let lists = SettingsTab(
    id: "lists", label: "Lists", place: 20,
    sections: [SettingsSection(id: "lists", title: "Values offered in forms", settings: [.contactSources, .industries])])
}
