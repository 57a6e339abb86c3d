import Admin
import Base
import Store

let consents = Feature(
  name: "consents",
  migrations: [.consents],
  routes: [.post(RecordType.contact.path + "/{id}/consent", .write(.contacts), ConsentHandlers.change)],
  belongings: [Belonging("Consent history", in: "consent_changes", by: "contact_id")],
  settingsTabs: [
    SettingsTab(
      id: "privacy", label: "Privacy", place: 35,
      sections: [SettingsSection(id: "consent", title: "Consent", settings: [.consentText])])
  ])

extension Setting {
  /// Each version is kept, since somebody may have agreed to it.
  static let consentText = Setting(
    Field(
      "consent_text", "Consent text", TextField(limit: 5_000),
      hint: "What contacts are asked to agree to. Every version is kept, and the history of a contact shows the one they agreed to."),
    whenSet: { value, act in
      try act.db.run(
        "INSERT INTO consent_texts (text, created_at, created_by) VALUES (\(value.text), \(act.now), \(act.actor.name))")
    })
}
