package let settings = Feature(
  name: "settings",
  routes: SettingsPage.routes,
  menu: [MenuItem(label: "Settings", path: SettingsPage.path, icon: "sliders", resource: .settings, level: .full, group: .administration)],
  pages: ["settings/settings": SettingsPage.shape])

extension Resource {
  package static let settings = Resource("settings", "Settings", levels: [.none, .full], isOfCRM: false)
}
