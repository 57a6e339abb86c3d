import CSQLite

/// The write-ahead log, as the connection that writes it sees it.
extension Database {
  enum Checkpoint: Int32 {
    /// As much as can be copied without waiting for anybody; others go on.
    case passive = 0
    /// Everything, so that the next write begins the log anew. Waits for those who write, and for those who still read from the log.
    case restart = 2
  }

  /// Copies the log into the file; `false` where somebody was in the way of the end, or the connection has not read from the file yet and so
  /// knows of no log.
  func checkpoint(_ kind: Checkpoint) throws(StoreError) -> Bool {
    var pages: Int32 = -1
    let code = sqlite3_wal_checkpoint_v2(handle, nil, kind.rawValue, &pages, nil)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw StoreError(of: handle, sql: nil) }
    return code == SQLITE_OK && pages >= 0
  }

  /// Tells how many pages the log has after each commit, and leaves it to whoever hears that to copy them.
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
