#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// Writes a complete, compact copy of the database as it is now to a new file, readable by its owner only, while others go on reading and
  /// writing. The file appears under its name only when it is complete and on disk. Throws a `StoreError` when there is such a file already.
  package func backup(to path: String) throws {
    let partial = path + ".partial"
    try Backup.create(path)
    do {
      try Backup.create(partial)
      defer { unlink(partial) }
      try withReader { database in
        // VACUUM needs the right to write, though all that it writes to is the new file.
        try database.pragma("query_only = OFF")
        defer { _ = try? database.pragma("query_only = ON") }
        try database.run("VACUUM INTO \(partial)")
      }
      try Backup.synchronize(partial)
      guard rename(partial, path) == 0 else { throw Backup.failure(path) }
      try Backup.synchronize(Backup.folder(of: path))
    } catch {
      unlink(path)
      throw error
    }
  }
}

/// The file operations of a backup.
private enum Backup {
  /// Makes an empty file, which reserves the name: two backups to one path can't both succeed.
  static func create(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    close(descriptor)
  }

  static func synchronize(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func failure(_ path: String) -> StoreError { StoreError("backup to \(path): \(String(cString: strerror(errno)))") }
}
