/// Telling other programs what happens to records.
package let webhooks = Feature(
  name: "webhooks",
  migrations: [.webhooks], routes: WebhookPages.routes,
  menu: [
    MenuItem(label: "Webhooks", path: "/admin/webhooks", icon: "send", resource: .settings, level: .full, group: .administration)
  ],
  records: [.webhook],
  derivations: [.counts(of: "webhooks"), .search("webhook_search")],
  forget: WebhookStore.forget,
  actions: [ActionLabel(action: "webhook.secret_made", label: "Created a secret", icon: "key")],
  settingsTabs: [
    SettingsTab(
      id: "security", label: "Security", place: 30,
      sections: [SettingsSection(id: "webhooks", title: "Webhooks", settings: [Webhooks.privateAddresses])])
  ],
  jobs: [Webhooks.collecting, Webhooks.delivering],
  chores: [.expiring("webhook_deliveries", "created_at", after: 30 * 24 * 3600)])
