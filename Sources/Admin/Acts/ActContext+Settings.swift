package import Base
package import Store

extension ActContext {
  /// Settings as they are in this transaction.
  package func settings(_ settings: Setting...) throws -> Settings { try self.settings(settings) }

  package func settings(_ settings: [Setting]) throws -> Settings { try SettingsStore.read(settings, in: db) }

  /// The day in the office's time zone, `2026-11-20`: that of documents, wherever the user is.
  package func businessDay() throws -> String { try Settings.businessDay(at: now, in: db).text }
}

extension Settings {
  /// These settings as they are in the database.
  package static func read(_ settings: [Setting], in db: Database) throws -> Settings { try SettingsStore.read(settings, in: db) }

  /// The day in the office's time zone.
  package static func businessDay(at now: Timestamp, in db: Database) throws -> Day {
    let zone = try SettingsStore.read([.defaultTimeZone], in: db)[.defaultTimeZone].text
    return Day(ZoneClock(zone).local(now))
  }
}
