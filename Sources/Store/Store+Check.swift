import Dispatch
import Synchronization

extension Store {
  /// The progress of a check.
  package struct CheckProgress: Sendable {
    /// What is being checked.
    package let parts: [String]
    /// The number of finished parts, and of all.
    package let done: Int
    package let all: Int
  }

  /// Checks the whole file: pages, tables with their indexes, references, full-text indexes; and any further parts of
  /// the caller. One line per problem; empty if all is well.
  ///
  /// Two parts at a time, each as of the moment when it started. Blocks neither reads nor writes.
  package func check(
    also parts: [CheckPart] = [], progress: (@Sendable (CheckProgress) -> Void)? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> [String] {
    let (tables, searches) = try read { database in
      let tables = try database.all(
        """
        SELECT name FROM sqlite_schema AS t WHERE type = 'table' AND rootpage > 0
        ORDER BY (SELECT count(*) FROM sqlite_schema AS i WHERE i.tbl_name = t.name AND i.type = 'index') DESC, name
        """
      ) { $0.text(0) }
      return (tables, try SearchIndex.all(in: database))
    }
    // The longest first, so that none runs alone at the end.
    let own = tables.prefix(1).map(CheckPart.table) + searches.map { CheckPart.searchIndex($0.name) }
    return try DamagedLog.problems(of: path)
      + check(
        only: own + parts + [.references, .pages] + tables.dropFirst().map(CheckPart.table), progress: progress, shouldStop: shouldStop)
  }

  /// The same for some parts. `shouldStop` is asked before each of them whether to leave the rest.
  package func check(
    only parts: [CheckPart], progress: (@Sendable (CheckProgress) -> Void)? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> [String] {
    let work = CheckWork(parts, progress: progress, shouldStop: shouldStop)
    let path = path
    DispatchQueue.concurrentPerform(iterations: min(2, parts.count)) { _ in
      work.run { () throws(StoreError) in try Self.openForCheck(path) }
    }
    var seen: Set<String> = []
    return work.problems.filter { seen.insert($0).inserted }
  }

  /// With space for the inner pages of large indexes: each row is looked up in each of its indexes.
  private static func openForCheck(_ path: String) throws(StoreError) -> Database {
    let database = try ConnectionSettings(durability: .full, cacheBytes: 64 << 20, mappedBytes: 0, trace: nil).openReader(path)
    // Copies of full-text indexes go to an unnamed temporary file.
    try database.pragma("temp_store = FILE")
    return database
  }
}

/// The parts to check, shared by the threads that check them.
private final class CheckWork: Sendable {
  private struct State {
    var next = 0
    var running: [Int] = []
    var done = 0
    var problems: [Int: [String]] = [:]
  }

  private let parts: [CheckPart]
  private let progress: (@Sendable (Store.CheckProgress) -> Void)?
  private let shouldStop: @Sendable () -> Bool
  private let state = Mutex(State())

  init(
    _ parts: [CheckPart], progress: (@Sendable (Store.CheckProgress) -> Void)?, shouldStop: @escaping @Sendable () -> Bool
  ) {
    self.parts = parts
    self.progress = progress
    self.shouldStop = shouldStop
  }

  /// All problems, in the order of the parts.
  var problems: [String] { state.withLock { $0.problems.sorted { $0.key < $1.key }.flatMap(\.value) } }

  /// Runs one part after another until none is left.
  func run(_ open: () throws(StoreError) -> Database) {
    var database: Database?
    while let number = take() {
      let part = parts[number]
      do {
        let connection = try database ?? open()
        database = connection
        finish(number, try connection.transaction("BEGIN", part.run))
      } catch {
        finish(number, ["\(part.name) could not be checked: \(error)"])
      }
    }
  }

  private func take() -> Int? {
    if shouldStop() { return nil }
    let number = state.withLock { state -> Int? in
      guard state.next < parts.count else { return nil }
      state.running.append(state.next)
      state.next += 1
      return state.next - 1
    }
    report()
    return number
  }

  private func finish(_ number: Int, _ found: [String]) {
    state.withLock { state in
      state.running.removeAll { $0 == number }
      state.done += 1
      state.problems[number] = found
    }
    report()
  }

  private func report() {
    guard let progress else { return }
    progress(state.withLock { Store.CheckProgress(parts: $0.running.map { parts[$0].name }, done: $0.done, all: parts.count) })
  }
}
