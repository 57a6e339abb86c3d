package let settings = Feature(
  name: "settings",
  migrations: [.settings, .logos],
  routes: SecurityTab.routes + CRMSwitch.routes + [Logo.route],
  menu: [MenuItem(label: "Settings", path: SettingsTab.root, icon: "sliders", resource: .settings, level: .full, group: .administration)],
  pages: ["settings/settings": SettingsPages.schema, "settings/history": SettingsHistory.schema, "settings/crm-off": CRMSwitch.schema],
  pagePanels: SecurityTab.panels + [StoragePanel.panel],
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
  ], jobs: [.phoneNumbers], chores: [LogoStore.chore])

extension Resource {
  package static let settings = Resource("settings", "Settings", levels: [.none, .full], isOfCRM: false)
}
