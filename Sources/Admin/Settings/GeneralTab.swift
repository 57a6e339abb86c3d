import Base

extension Setting {
  package static let installationName = Setting(
    Field(
      "installation_name", "Name", LineField(limit: 40), hint: "Shown on the sign-in page, in the sidebar and in the title of every page.",
      missing: "Enter a name."),
    default: .text("Roost"))
}

extension SettingsTab {
  static let general = SettingsTab(
    id: "general", label: "General", place: 0,
    sections: [SettingsSection(id: "installation", title: "This installation", settings: [.installationName])])
}
