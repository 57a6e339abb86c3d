import Base
package import Store
import Synchronization

/// The settings as they were at one moment: what has been chosen, and else the defaults.
package struct Settings: Sendable {
  /// Grows with each change.
  let version: Int
  private let values: [String: FieldValue]

  init(version: Int, _ values: [String: FieldValue]) { (self.version, self.values) = (version, values) }

  /// Nothing has been chosen.
  static let standard = Settings(version: 1, [:])

  package subscript(_ setting: Setting) -> FieldValue { values[setting.name] ?? setting.standard }

  /// Whether somebody has chosen.
  package func isSet(_ setting: Setting) -> Bool { values[setting.name] != nil }
}

/// The settings in memory. A request looks up their version, in the transaction that identifies its user, and reads them again if it has changed: so a
/// change holds for the next request of every process.
package final class SettingsCache: Sendable {
  private let settings: [Setting]
  private let known = Mutex(Settings.standard)
  /// Follows a change in this process.
  private let changed: @Sendable (Settings) -> Void

  init(_ settings: [Setting], changed: @escaping @Sendable (Settings) -> Void = { _ in }) {
    (self.settings, self.changed) = (settings, changed)
  }

  /// Not in a transaction that writes: what isn't committed must not be remembered.
  package func current(in db: Database) throws -> Settings {
    let version = try SettingsStore.version(in: db)
    let known = known.withLock { $0 }
    if known.version == version { return known }
    let fresh = try SettingsStore.read(settings, in: db)
    self.known.withLock { $0 = fresh }
    changed(fresh)
    return fresh
  }
}
