package let backups = Feature(
  name: "backups", pagePanels: [BackupsPanel.panel, CheckPanel.panel],
  settingsTabs: [
    SettingsTab(
      id: "data", label: "Data", place: 40,
      sections: [
        SettingsSection(
          id: "backup-schedule", title: "Automatic backups",
          hint: "A backup holds everything: the database and all files.", settings: [.backupSchedule, .backupsKept])
      ])
  ], jobs: [.backup, .check])

extension Setting {
  static let backupSchedule = Setting(
    Field(
      "backup_schedule", "Make backups", ChoiceField(choices: [("off", "Never"), ("daily", "Every day"), ("weekly", "Every week")]),
      hint: "Backups are made at night, while everybody can go on working."),
    default: .text("off"))

  static let backupsKept = Setting(
    Field(
      "backups_kept", "Backups to keep", ChoiceField(choices: ["3", "7", "14", "30", "90"].map { ($0, $0) }),
      hint: "The newest are kept. Files that haven’t changed take up space only once."),
    default: .text("7"))
}
