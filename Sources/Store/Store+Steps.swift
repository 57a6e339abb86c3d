#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// How long a transaction of many steps may last when nobody waits, in seconds.
  private static let longest = 2.0
  /// How long a step waits for its turn, in seconds: somebody who brings in a million rows has time.
  private static let patience = 600.0
  /// How long others are given to take their turn, in milliseconds.
  private static let pause = 50

  /// Runs `step` again and again until it returns `false`, many times in a transaction, so that much is written quickly; commits and gives way as soon
  /// as another writer waits, in this program or another. So `step` is a short piece of work: some hundred rows.
  ///
  /// `cacheBytes` of pages stay in memory meanwhile (the usual cache if 0). `committed` is called after each commit: what steps before it have counted
  /// is on disk. When a step throws, what was written since the last commit is undone.
  package func writeInSteps(cacheBytes: Int = 0, committed: () -> Void = {}, _ step: (Database) throws -> Bool) throws {
    let usualCache = try withWriter(within: Self.patience) { database -> String? in
      let usual = try database.pragma("cache_size")
      if cacheBytes > 0 { try database.pragma("cache_size = -\(cacheBytes >> 10)") }
      return usual
    }
    defer {
      if cacheBytes > 0, let usualCache { try? withWriter(within: Self.patience) { _ = try $0.pragma("cache_size = \(usualCache)") } }
    }
    var hasMore = true
    while hasMore {
      hasMore = try withWriter(within: Self.patience) { database in
        try database.transaction("BEGIN IMMEDIATE") { database in
          let end = BusyWait.now + Self.longest
          repeat {
            guard try step(database) else { return false }
          } while !isWriterWanted && BusyWait.now < end
          return true
        }
      }
      tellOfCommit()
      committed()
      // Those of this program are next in line anyway.
      for _ in 0..<Self.pause where lockFile.othersWait { usleep(1_000) }
    }
  }
}
