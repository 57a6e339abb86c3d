/// A choice about this installation, declared like a field of a record: the kind of its field reads, checks, stores and shows it, and the field's
/// hint says what it does.
package final class Setting: Sendable {
  package let field: Field
  /// What holds until somebody chooses.
  let standard: FieldValue
  /// What else has to be right about a new value, with all others as they will be.
  let check: (@Sendable (FieldValue, Settings) -> Message?)?
  /// What follows from a new value, in the transaction that stores it.
  let whenSet: (@Sendable (FieldValue, ActContext) throws -> Void)?

  package init(
    _ field: Field, default standard: FieldValue = .empty, check: (@Sendable (FieldValue, Settings) -> Message?)? = nil,
    whenSet: (@Sendable (FieldValue, ActContext) throws -> Void)? = nil
  ) {
    (self.field, self.standard, self.check, self.whenSet) = (field, standard, check, whenSet)
  }

  package var name: String { field.name }
}

/// Settings under one heading of a tab.
package struct SettingsSection: Sendable {
  let id: String
  let title: String
  let hint: String
  let settings: [Setting]

  package init(id: String, title: String, hint: String = "", settings: [Setting]) {
    (self.id, self.title, self.hint, self.settings) = (id, title, hint, settings)
  }
}

/// A tab of the settings page. Those of several features with the same id are one. Panels (`PagePanel`, on `.settings(id)`) follow its form.
package struct SettingsTab: Sendable {
  let id: String
  let label: String
  /// Tabs are in the order of these numbers: 0 for General, 100 for the history.
  let place: Int
  private(set) var sections: [SettingsSection]
  /// Draws the tab, if it is a page of its own; its template shows the tabs with `settings/head`.
  let show: Handler?

  package init(id: String, label: String, place: Int, sections: [SettingsSection] = [], show: Handler? = nil) {
    (self.id, self.label, self.place, self.sections, self.show) = (id, label, place, sections, show)
  }

  static let root = "/admin/settings/crm"

  /// The first tab is the settings page itself.
  package var path: String { id == "general" ? Self.root : Self.root + "/" + id }

  /// The tabs of all features.
  static func merged(_ tabs: [SettingsTab]) -> [SettingsTab] {
    tabs.reduce(into: []) { (merged: inout [SettingsTab], tab) in
      if let known = merged.firstIndex(where: { $0.id == tab.id }) { merged[known].sections += tab.sections } else { merged.append(tab) }
    }.sorted { $0.place < $1.place }
  }
}

extension RecordType {
  /// All settings together are like a record of which there is one: so what forms, merging, conflicts, the history and undo do for records they do for
  /// settings too.
  static func settings(_ tabs: [SettingsTab]) -> RecordType {
    RecordType(
      "settings", label: "Settings", icon: "sliders", resource: .settings, words: Words(new: "", create: "", inTrash: ""),
      sections: tabs.flatMap(\.sections).map { FormSection(id: $0.id, title: $0.title, hint: $0.hint, fields: $0.settings.map(\.field)) },
      list: ListDefinition(
        name: "settings", title: "Settings", path: SettingsTab.root, icon: "sliders", resource: .settings, table: "settings",
        searchTable: "",
        defaultColumns: [], defaultSort: "",
        words: ListDefinition.Words(newRecord: "", searchHint: "", one: "", many: "", emptyTitle: "", emptyText: "")))
  }
}
