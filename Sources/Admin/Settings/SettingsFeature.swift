package let settings = Feature(
  name: "settings",
  routes: SettingsPage.routes,
  menu: [MenuItem(label: "Settings", path: SettingsPage.path, icon: "sliders", resource: .settings, level: .full)],
  pages: ["settings/settings": SettingsPage.shape])

extension Resource {
  static let settings = Resource("settings")
}
