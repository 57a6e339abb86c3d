import CSQLite

#if canImport(Glibc)
  import Glibc
#endif

/// How a connection waits while another program writes: until a deadline, polling every millisecond, so that it finds
/// the short pauses that long writers make for it.
///
/// Sendable because only the thread that has the connection uses it.
final class BusyWait: @unchecked Sendable {
  private let lockFile: LockFile?
  /// In the seconds of `now`.
  private var end = 0.0
  private var isAnnounced = false

  init(_ lockFile: LockFile?) { self.lockFile = lockFile }

  /// Monotonic seconds.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Installs this object as SQLite's busy handler. It has to live as long as the connection.
  func install(on connection: OpaquePointer) {
    sqlite3_busy_handler(
      connection,
      { context, _ in
        guard let context else { return 0 }
        return Unmanaged<BusyWait>.fromOpaque(context).takeUnretainedValue().goOn() ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Runs `body` with a deadline, signalling to other programs that this one waits.
  func wait<T>(until moment: Double, _ body: () throws -> T) rethrows -> T {
    let former = end
    end = moment
    defer {
      end = former
      if isAnnounced { lockFile?.stopWaiting() }
      isAnnounced = false
    }
    return try body()
  }

  private func goOn() -> Bool {
    guard Self.now < end else { return false }
    if !isAnnounced {
      lockFile?.startWaiting()
      isAnnounced = true
    }
    usleep(1_000)
    return true
  }
}
