import CSQLite

/// How far an upgrade has come.
package struct UpgradeProgress: Sendable {
  /// What is being done.
  package enum Work: Sendable, Equatable {
    /// One of the steps, by its name, and the beginning of the statement that runs.
    case step(String, number: Int, of: Int, statement: String)
    /// So many rows of all are made anew.
    case rows(of: String, done: Int, all: Int)
    /// The references of a table are looked through.
    case references(of: String)
  }

  package let work: Work
  /// For how long this has been going on.
  package let seconds: Int
}

/// Tells of an upgrade as it goes on: when something begins, and each second that it takes. Of one that makes a new database nothing is told.
final class UpgradeReport {
  private let database: Database
  private let report: (UpgradeProgress) -> Void
  private var work: UpgradeProgress.Work?
  private var began = ContinuousClock.now
  private var seconds = 0

  /// In instructions of SQLite's machine: a few hundredths of a second.
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
  /// What it does, for people: `CREATE INDEX contacts_by_name ON contacts`.
  var summary: String {
    let lines = sql.split(separator: "\n").map { $0.drop { $0 == " " } }
    let first = lines.first { !$0.isEmpty && !$0.hasPrefix("--") } ?? ""
    return String(first.prefix { !"(;".contains($0) }.prefix(80)).split(separator: " ").joined(separator: " ")
  }
}
