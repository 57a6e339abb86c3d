#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// How long a transaction of many steps lasts at most if nobody waits, in seconds.
  private static let longest = 2.0
  /// How long a step waits for the write lock, in seconds: importing a million rows isn't urgent.
  private static let timeout = 600.0
  /// The pause in which others take their turn, in milliseconds.
  private static let pause = 50

  /// Calls `step` repeatedly until it returns `false`, many times per transaction, so that large amounts are written
  /// quickly; commits and yields as soon as another writer waits, in this program or another. So `step` has to be
  /// short: a few hundred rows.
  ///
  /// `cacheBytes` of pages stay in memory (the usual cache if 0). `committed` is called after each commit: what the
  /// steps before it counted is on disk. If a step throws, everything since the last commit is undone.
  package func writeInSteps(cacheBytes: Int = 0, committed: () -> Void = {}, _ step: (Database) throws -> Bool) throws {
    let usualCache = try withWriter(within: Self.timeout) { database -> String? in
      let usual = try database.pragma("cache_size")
      if cacheBytes > 0 { try database.pragma("cache_size = -\(cacheBytes >> 10)") }
      return usual
    }
    defer {
      if cacheBytes > 0, let usualCache { try? withWriter(within: Self.timeout) { _ = try $0.pragma("cache_size = \(usualCache)") } }
    }
    var hasMore = true
    while hasMore {
      hasMore = try withWriter(within: Self.timeout) { database in
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
      // Writers of this program are next in the queue anyway.
      for _ in 0..<Self.pause where lockFile.othersWait { usleep(1_000) }
    }
  }
}
