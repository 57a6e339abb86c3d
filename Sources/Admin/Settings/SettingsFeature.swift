package let settings = Feature(
  name: "settings",
  migrations: [.settings],
  menu: [MenuItem(label: "Settings", path: SettingsTab.root, icon: "sliders", resource: .settings, level: .full, group: .administration)],
  pages: ["settings/settings": SettingsPages.schema, "settings/history": SettingsHistory.schema],
  pagePanels: [SecurityTab.panel, StoragePanel.panel],
  actions: [
    ActionLabel(action: "settings.updated", label: "Changed settings", icon: "sliders"),
    ActionLabel(action: "settings.reverted", label: "Restored settings", icon: "arrow-counterclockwise"),
  ],
  settingsTabs: [
    .general,
    SettingsTab(
      id: "security", label: "Security", place: 30,
      sections: [SettingsSection(id: "sign-in", title: "Sign-in", settings: [.sessionIdle, .sessionLength, .totpRoles])]),
    SettingsTab(id: "data", label: "Data", place: 40),
    SettingsHistory.tab,
  ])

extension Resource {
  package static let settings = Resource("settings", "Settings", levels: [.none, .full], isOfCRM: false)
}
