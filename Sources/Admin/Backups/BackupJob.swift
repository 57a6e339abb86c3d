import Base
import Store

extension JobKind {
  /// When backups are made and data is checked: in the night of most of Europe.
  private static let backupHour = 2
  private static let checkHour = 1

  /// A backup into the folder of backups, as often as the settings say, of which the newest are kept.
  static let backup = JobKind(
    "backup", "Backup", lane: .long, retry: RetryPolicy(attempts: 3, first: 600, longest: 3600),
    schedule: { db in
      switch try SettingsStore.read([.backupSchedule], in: db)[.backupSchedule].text {
      case "daily": .every(days: 1, at: backupHour)
      case "weekly": .weekly(at: backupHour)
      default: nil
      }
    }, offer: .object([:])
  ) { run in
    let (services, folder) = (run.services, run.services.backups)
    // What a killed run has left is continued, under the same name.
    let name = run.state["name"]?.string ?? BackupFolder.name(at: run.now)
    try run.step { db in try run.keep(.object(["name": .string(name)]), in: db) }
    var options = Composition.BackupOptions()
    options.isQuick = true
    options.earlier = folder.all().first?.media
    options.progress = { number, count in try run.report(number, of: count, Message("Copying files")) }
    var problems: [String] = []
    do {
      try folder.make(name, key: services.key) { database, media in
        problems = try services.composition.backup(services.store, files: services.media.blobs, to: database, and: media, options: options)
          .problems
        // Not given its name after somebody has cancelled it.
        try run.step { _ in }
      }
    } catch JobInterruption.cancelled {
      try folder.discard(name)
      throw JobInterruption.cancelled
    }
    let kept = try run.step { db in try SettingsStore.read([.backupsKept], in: db)[.backupsKept].text }
    try folder.prune(keeping: max(1, Int(kept) ?? 7))
    let size = folder.size()
    let message =
      problems.isEmpty ? Message("Backup complete.") : Message("Backup complete, but there are problems in the data. Run a check.")
    return JobResult(message, lines: problems, data: .object(["size": .int(size)]))
  }

  /// What all backups took together after the last one, in bytes; `nil` if that isn't known any more.
  func lastSize(in db: Database) throws -> Int? { try JobLine.last(self, in: db)?.result?.data["size"]?.int }

  /// `roost check`: quick by itself; asked for by people, it reads the contents of all files too.
  static let check = JobKind(
    "check", "Check", lane: .long, retry: RetryPolicy(attempts: 2, first: 600), schedule: { _ in .every(days: 1, at: checkHour) },
    offer: .object(["thorough": .bool(true)])
  ) { run in
    let services = run.services
    var options = Composition.CheckOptions()
    options.isQuick = run.arguments["thorough"] != .bool(true)
    options.progress = { progress in try? run.report(progress.done, of: progress.all) }
    options.shouldStop = { (try? run.check()) == nil }
    let problems = try services.composition.check(services.store, mediaFolder: services.media.folder, options: options)
    try run.step { _ in }
    guard !problems.isEmpty else { return JobResult(Message("No problems found.")) }
    return JobResult(
      Message("{n} problem found", "{n} problems found", count: problems.count), lines: Array(problems.prefix(mostProblems)),
      data: .int(problems.count)
    )
  }

  /// More of them say nothing more.
  private static let mostProblems = 500
}
