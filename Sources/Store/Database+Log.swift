import CSQLite

/// The write-ahead log, from the view of the connection that writes.
extension Database {
  enum Checkpoint: Int32 {
    /// PASSIVE: as much as possible without waiting for anybody.
    case passive = 0
    /// RESTART: everything, so that the next write restarts the log. Waits for writers, and for readers of the log.
    case restart = 2
  }

  /// Copies the log into the file; `false` if another connection prevented it from completing, or if this connection
  /// has not read from the file yet and so doesn't know about a log.
  func checkpoint(_ kind: Checkpoint) throws(StoreError) -> Bool {
    var pages: Int32 = -1
    let code = sqlite3_wal_checkpoint_v2(handle, nil, kind.rawValue, &pages, nil)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw StoreError(of: handle, sql: nil) }
    return code == SQLITE_OK && pages >= 0
  }

  /// Reports the log's length in pages after each commit and leaves checkpoints to the listener.
  func watchLog(_ tell: @escaping (Int) -> Void) {
    logWatcher = tell
    sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        if let context { Unmanaged<Database>.fromOpaque(context).takeUnretainedValue().logWatcher?(Int(pages)) }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
