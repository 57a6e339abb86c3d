import Base
import Store
import Templating
import Web

/// A tab of the settings page: its form, and what features add below it. Saving is saving all settings, of which the form carries a part.
struct SettingsPages: Sendable {
  let tab: SettingsTab

  static func routes(of tabs: [SettingsTab]) -> [Route] {
    tabs.flatMap { SettingsPages(tab: $0).routes } + [.post(revertPath("{entry}"), .full(.settings), revert)]
  }

  private var routes: [Route] {
    let page = Route.get(tab.path, .full(.settings), effort: .read, tab.show ?? show)
    return tab.sections.isEmpty
      ? [page] : [page, .post(tab.path, .full(.settings), effort: takesFiles ? .upload : .write, draft: draft, save)]
  }

  private var takesFiles: Bool { tab.sections.flatMap(\.settings).contains { $0.field.kind is any UploadsKind } }

  static func revertPath(_ entry: String) -> String { SettingsTab.root + "/events/\(entry)/revert" }

  private static let settingSchema = ViewSchema(
    "setting", [("control", .fragment), ("by", .text), ("at", .text), ("time", .text)])
  private static let sectionSchema = ViewSchema(
    "settings-section", [("id", .text), ("title", .text), ("hint", .text), ("settings", .list(.record(settingSchema)))])
  static let schema = ViewSchema(
    "settings",
    [
      ("label", .text), ("tabs", .list(.record(ListPage.linkShape))), ("action", .text), ("version", .int), ("takesFiles", .bool),
      ("isChanged", .bool),
      ("sections", .list(.record(sectionSchema))), ("problems", .list(.record(FormRecord.problemShape))), ("panels", .list(.fragment)),
    ])

  /// The tabs, for a page that is one of them.
  package static func tabs(at id: String, for context: RequestContext) -> Value {
    .list(context.composition.settingsTabs.map { ListPage.link($0.label, $0.path, current: $0.id == id) })
  }

  @Sendable private func show(_ context: RequestContext) throws -> Response {
    try context.store.read { db in
      let record = try SettingsStore.record(of: context.composition, in: db)
      return try page(context, RecordForm(record, in: context.formats), record)
    }
  }

  @Sendable private func draft(_ context: RequestContext) throws -> Response {
    let saving = try posted(context)
    return try page(context, saving.form, saving.record, isChanged: true)
  }

  @Sendable private func save(_ context: RequestContext) throws -> Response {
    var saving = try posted(context)
    if let changed = saving.form.withRowsChanged { return try page(context, changed, saving.record, isChanged: true) }
    guard saving.form.version > 0 else {
      throw HTTPError.badRequest(Message("This form is missing its version. Open it again."))
    }
    guard saving.form.errors.isEmpty else { return try page(context, saving.form, saving.record, status: 422) }
    if saving.form.form["review"] != nil { return try page(context, saving.form, saving.record, isChanged: true) }
    let composition = context.composition
    let answer = try saving.save(context, action: context.path, saying: Message("Settings saved.")) { form, act in
      try SettingsStore.save(form.values, from: form.version, of: composition, act)
    }
    switch answer {
    case .choice(let conflict): return try choice(conflict).response(for: context)
    case .outcome(.invalid(let errors), _):
      saving.form.errors = errors
      return try page(context, saving.form, saving.record, status: 422)
    case .outcome(let outcome, let message): return context.redirect(to: tab.path, Flash(message, undo: outcome.undo))
    }
  }

  /// Puts the settings of an earlier change back. Where they have changed again since, both versions are shown first.
  @Sendable private static func revert(_ context: RequestContext) throws -> Response {
    let composition = context.composition
    let type = composition.settingsType
    let (record, entry) = try context.store.read { db in
      (try SettingsStore.record(of: composition, in: db), try context.revertible(type, SettingsStore.id, in: db))
    }
    let present = RecordForm(record, in: .exact)
    var form = RecordForm(Revert.form(present.form, puttingBack: entry.before, entry.changes, of: type), of: type, over: record, in: .exact)
    form.version = record.version
    form.show(in: context.formats)
    // One change is one form's.
    let changed = Set(entry.changes.map(\.field))
    let tab = composition.settingsTabs.first { $0.sections.flatMap(\.settings).contains { changed.contains($0.name) } }
    guard let tab, form.errors.isEmpty, form.values != present.values else {
      return context.redirect(to: tab?.path ?? SettingsTab.root, .isAsItWas)
    }
    let newer = entry.changes.compactMap { change in
      type.field(change.field).flatMap { $0.kind.history(record[$0.name]) == change.after ? nil : $0 }
    }
    guard newer.isEmpty else {
      let conflict = ConflictPage(
        form: form, record: record, conflicts: newer, base: RecordBase(record), action: tab.path, isReversion: true)
      return try SettingsPages(tab: tab).choice(conflict).response(for: context)
    }
    let outcome = try context.act { act in
      try SettingsStore.save(form.values, from: record.version, as: "reverted", of: composition, act)
    }
    return context.redirect(to: tab.path, outcome, Message("Settings restored."), orElse: Message("Nothing to change."))
  }

  /// Only what is of this tab is carried along.
  private func choice(_ conflict: ConflictPage) -> ConflictPage {
    var conflict = conflict
    conflict.form.form = FormFields(conflict.form.form.fields.filter { inputs.contains($0.name) })
    (conflict.title, conflict.href) = (Message("Settings"), tab.path)
    return conflict
  }

  private var inputs: Set<String> {
    Set(tab.sections.flatMap(\.settings).flatMap { $0.field.kind.inputs($0.name).all })
  }

  /// All settings, with what was posted in the place of this tab's.
  private func posted(_ context: RequestContext) throws -> FormSaving {
    let composition = context.composition
    return try FormSaving(context, composition.settingsType) { db in
      try SettingsStore.record(of: composition, in: db)
    } inputs: { record in
      let present = record.type.posted(record.values, context.formats).fields
      return FormFields(present.filter { !inputs.contains($0.name) } + (try context.form().fields))
    }
  }

  private func page(
    _ context: RequestContext, _ form: RecordForm, _ record: Record, isChanged: Bool = false, status: Int = 200
  ) throws -> Response {
    try context.store.read { db in
      let authors = try SettingsStore.authors(in: db)
      let sections = try tab.sections.map { section in
        Value.record(
          ViewData(
            Self.sectionSchema,
            [
              .text(section.id), .text(section.title), .text(section.hint),
              .list(try section.settings.map { .record(try control($0.field, form, record, authors[$0.name], context)) }),
            ]))
      }
      return try context.page(
        "settings/settings",
        ViewData(
          Self.schema,
          [
            .text(tab.label), Self.tabs(at: tab.id, for: context), .text(tab.path), .int(form.version),
            .bool(takesFiles), .bool(isChanged || !form.errors.isEmpty), .list(sections),
            FormRecord.summary(form.errors, of: record.type, for: context),
            try PagePanel.fragments(on: .settings(tab.id), for: context, in: db),
          ]), status: status)
    }
  }

  private func control(
    _ field: Field, _ form: RecordForm, _ record: Record, _ author: (name: String, at: String)?, _ context: RequestContext
  ) throws -> ViewData {
    let control = FieldControl(
      field: field, form: form.form, errors: form.errors, context: context, isNew: false, record: record, isFirst: false)
    return ViewData(
      Self.settingSchema,
      [
        try context.fragment(field.kind.template.name, try field.kind.control(control)), .text(author?.name ?? ""), .text(author?.at ?? ""),
        .text(author.map { context.formats.minute($0.at) } ?? ""),
      ])
  }
}
