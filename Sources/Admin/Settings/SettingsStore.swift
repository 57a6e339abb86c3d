import Base
import Store

/// All SQL over settings, and the act that changes them.
enum SettingsStore {
  /// The record that they are together.
  static let id = RecordID(at: Timestamp(milliseconds: 0), randomA: 0, randomB: 0)

  static func version(in db: Database) throws -> Int { try db.value("SELECT max(version) FROM settings") ?? 1 }

  static func read(_ settings: [Setting], in db: Database) throws -> Settings {
    let stored = try db.all("SELECT name, value FROM settings") { ($0.text(0), $0.text(1)) }
    let texts = Dictionary(stored) { first, _ in first }
    var values: [String: FieldValue] = [:]
    for setting in settings {
      // A value that the setting no longer understands is no choice.
      if let text = texts[setting.name], let value = try? setting.field.kind.parse(text) { values[setting.name] = value }
    }
    return Settings(version: try version(in: db), values)
  }

  static func record(of composition: Composition, in db: Database) throws -> Record {
    let settings = try read(composition.settings, in: db)
    let type = composition.settingsType
    return Record(
      type: type, values: composition.settings.map { settings[$0] }, notes: [], version: settings.version, createdAt: "", updatedAt: "",
      header: RecordHeader(type: type, id: id, name: type.label, status: RecordStatus.active.value, line: ""))
  }

  /// Who changed what last, and when.
  static func authors(in db: Database) throws -> [String: (name: String, at: String)] {
    let rows = try db.all("SELECT name, changed_by_name, changed_at FROM settings") { ($0.text(0), (name: $0.text(1), at: $0.text(2))) }
    return Dictionary(rows) { first, _ in first }
  }

  /// Stores what a form made of a version of the settings. What others have changed since stays, unless both sides changed the same setting.
  static func save(
    _ wanted: [FieldValue], from version: Int, as action: String = "updated", of composition: Composition, _ act: ActContext
  ) throws -> Outcome {
    guard act.principal.may(.full, on: .settings) else { throw HTTPError.forbidden(.notOfYourRole) }
    let (type, settings, stored) = (composition.settingsType, composition.settings, try record(of: composition, in: act.db))
    let merge = Merge(wanted, since: try RecordBase(of: stored, at: version, in: act.db), into: stored)
    guard merge.conflicts.isEmpty else { return .conflict }
    var (values, errors) = (merge.values, ValidationErrors())
    for (index, setting) in settings.enumerated() where !values[index].isSame(as: stored.values[index]) {
      switch try setting.field.kind.resolve(values[index], over: stored.values[index], act) {
      case .value(let value): values[index] = value
      case .errors(let found): for error in found { errors.add(error.input.isEmpty ? setting.name : error.input, error.message) }
      }
    }
    let changes = values.changes(from: stored.values, of: type)
    guard !changes.isEmpty || !errors.isEmpty else { return .unchanged(id) }
    let changed = zip(settings, zip(values, stored.values)).filter { !$1.0.isSame(as: $1.1) }.map { ($0, $1.0) }
    let coming = Settings(version: 0, Dictionary(uniqueKeysWithValues: zip(settings.map(\.name), values)))
    for (setting, value) in changed { if let problem = setting.check?(value, coming) { errors.add(setting.name, problem) } }
    guard errors.isEmpty else { return .invalid(errors) }
    for (setting, value) in changed {
      try act.db.run(
        """
        INSERT INTO settings (name, value, version, changed_at, changed_by, changed_by_name)
        VALUES (\(setting.name), \(setting.field.kind.text(value)), \(stored.version + 1), \(act.now), \(act.actor.id), \(act.actor.name))
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version, changed_at = excluded.changed_at,
          changed_by = excluded.changed_by, changed_by_name = excluded.changed_by_name
        """)
      try setting.whenSet?(value, act)
    }
    let entry = try Activity.record(
      "\(type.name).\(action)", type: type.name, id: id, name: type.label, changes: changes,
      before: Revert.stored(type.posted(stored.values, .exact), changes, of: type), version: stored.version + 1, act)
    return .done(id, undo: SettingsPages.revertPath(String(entry)))
  }
}
