#if canImport(Glibc)
  import Glibc
#endif

/// How connections are opened and configured.
struct ConnectionSettings: Sendable {
  let durability: Store.Durability
  let cacheBytes: Int
  let mappedBytes: Int
  let trace: (@Sendable (String) -> Void)?

  /// How long a connection waits for others of its kind, in milliseconds: a reader for one that is recovering the log.
  static let busyTimeout = 5000

  func openWriter(_ path: String) throws(StoreError) -> Database {
    try createFile(path)
    let database = try Database(path: path, trace: trace)
    try configure(database, cacheBytes: max(cacheBytes, 8 << 20))
    guard try database.pragma("journal_mode = WAL") == "wal" else {
      throw StoreError("\(path): the file system does not support write-ahead logging; keep the database on a local disk")
    }
    // After a bulk load the log is large; the next checkpoint truncates it to 64 MiB.
    try database.pragma("journal_size_limit = \(64 << 20)")
    // Bounds the work of `PRAGMA optimize` on large tables.
    try database.pragma("analysis_limit = 400")
    return database
  }

  /// For checkpoints concurrent with the writer.
  func openCheckpointer(_ path: String) throws(StoreError) -> Database {
    let database = try Database(path: path)
    try configure(database, cacheBytes: 0)
    return database
  }

  func openReader(_ path: String) throws(StoreError) -> Database {
    let database = try Database(path: path, trace: trace)
    try configure(database, cacheBytes: cacheBytes)
    try database.pragma("query_only = ON")
    return database
  }

  private func configure(_ database: Database, cacheBytes: Int) throws(StoreError) {
    try database.pragma("busy_timeout = \(ConnectionSettings.busyTimeout)")
    try database.pragma("synchronous = \(durability == .full ? "FULL" : "OFF")")
    try database.pragma("foreign_keys = ON")
    try database.pragma("temp_store = MEMORY")
    // Negative: in KiB instead of pages.
    try database.pragma("cache_size = -\(max(64, cacheBytes >> 10))")
    try database.pragma("mmap_size = \(mappedBytes)")
  }

  /// SQLite would make the file world-readable; the log gets the same permissions as the file.
  private func createFile(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreError("\(path): \(String(cString: strerror(errno)))") }
    Glibc.close(descriptor)
  }
}
