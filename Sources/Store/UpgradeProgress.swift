import CSQLite

/// The progress of an upgrade.
package struct UpgradeProgress: Sendable {
  /// What is being done.
  package enum Work: Sendable, Equatable {
    /// A step by its name, and the start of the current statement.
    case step(String, number: Int, of: Int, statement: String)
    /// Rows are being rebuilt: how many of how many.
    case rows(of: String, done: Int, all: Int)
    /// The references of a table are being checked.
    case references(of: String)
  }

  package let work: Work
  /// How long this has been running.
  package let seconds: Int
}

/// Reports the progress of an upgrade: when something starts, and every second while it runs. Not for a new database.
final class UpgradeReport {
  private let database: Database
  private let report: (UpgradeProgress) -> Void
  private var work: UpgradeProgress.Work?
  private var began = ContinuousClock.now
  private var seconds = 0

  /// In virtual machine instructions of SQLite: a few hundredths of a second.
  private static let interval: Int32 = 1_000_000

  init(_ database: Database, _ report: @escaping (UpgradeProgress) -> Void) {
    self.database = database
    self.report = report
  }

  func begin(_ work: UpgradeProgress.Work) {
    self.work = work
    began = .now
    seconds = 0
    report(UpgradeProgress(work: work, seconds: 0))
  }

  /// Watches while `body` runs.
  func run<T>(_ body: () throws -> T) rethrows -> T {
    sqlite3_progress_handler(
      database.handle, Self.interval,
      { context in
        if let context { Unmanaged<UpgradeReport>.fromOpaque(context).takeUnretainedValue().goOn() }
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
    defer { sqlite3_progress_handler(database.handle, 0, nil, nil) }
    return try body()
  }

  private func goOn() {
    let passed = Int((ContinuousClock.now - began).components.seconds)
    guard passed > seconds, let work else { return }
    seconds = passed
    report(UpgradeProgress(work: work, seconds: passed))
  }
}

extension Statement {
  /// A short form of a statement: `CREATE INDEX contacts_by_name ON contacts`.
  var summary: String {
    let lines = sql.split(separator: "\n").map { $0.drop { $0 == " " } }
    let first = lines.first { !$0.isEmpty && !$0.hasPrefix("--") } ?? ""
    return String(first.prefix { !"(;".contains($0) }.prefix(80)).split(separator: " ").joined(separator: " ")
  }
}
