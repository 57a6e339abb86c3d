import Base
import Foundation
import Store
import Templating

/// On the Data tab: which backups there are, a new one, and how to restore one.
enum BackupsPanel {
  private static let backupShape = ViewSchema("backup", [("at", .text), ("time", .text), ("size", .text), ("folder", .text)])
  private static let shape = ViewSchema(
    "backups",
    [
      ("backups", .list(.record(backupShape))), ("folder", .text), ("used", .text), ("isScheduled", .bool), ("isBesideData", .bool),
      ("job", .record(JobStateView.shape)), ("commands", .list(.text)),
    ])

  static let panel = PagePanel(on: .settings("data"), template: "backups/backups", schema: shape) { shape, context, db in
    let services = context.services
    let backups = services.backups.all()
    return ViewData(
      shape,
      [
        .list(
          backups.map { backup in
            .record(
              ViewData(
                backupShape,
                [
                  .text(backup.madeAt.text), .text(context.formats.minute(backup.madeAt.text)),
                  .text(ByteCount.text(backup.databaseSize, in: context.language)),
                  .text(backup.folder),
                ]))
          }), .text(services.backups.path),
        .text(try JobKind.backup.lastSize(in: db).map { ByteCount.text($0, in: context.language) } ?? ""),
        .bool(try JobKind.backup.schedule(db) != nil),
        .bool(services.backups.path.hasPrefix(folder(of: services.store.path) + "/")),
        .record(try JobStateView.data(.backup, context, in: db)),
        .list(backups.first.map { restoring($0, services) } ?? []),
      ])
  }

  /// What puts a backup in the place of the present data, which is moved aside: one shell command in several lines, for when Roost doesn't run. It
  /// stops at what fails.
  static func commands(restoring backup: BackupFolder.Backup, database: String, media: String, key: String) -> [String] {
    let aside = quoted(folder(of: database) + "/before-restore")
    let steps = [
      "mkdir \(aside)", "mv \(quoted(database))* \(quoted(media)) \(aside)",
      "install -m 600 \(quoted(backup.database)) \(quoted(database))",
      "cp -a \(quoted(backup.media)) \(quoted(media))", "install -m 600 \(quoted(backup.key)) \(quoted(key))",
    ]
    return steps.dropLast().map { $0 + " &&" } + steps.suffix(1)
  }

  private static func restoring(_ backup: BackupFolder.Backup, _ services: Services) -> [Value] {
    commands(restoring: backup, database: services.store.path, media: services.media.folder, key: services.keyFile).map { .text($0) }
  }

  private static func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }

  /// As a shell takes it for one word.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || 45...57 ~= $0 || $0 == UInt8(ascii: "_") }
    return isPlain ? path : "'" + path.replacing("'", with: #"'\''"#) + "'"
  }
}
