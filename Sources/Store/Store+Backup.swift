#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// Writes a complete, compact copy of the current database to a new file, readable by its owner only, while reads and
  /// writes continue. The file gets its name only when it is complete, synced, and confirmed by `verify`, which is
  /// given the copy. Throws a `StoreError` if the file already exists, or another backup to it is in progress.
  package func backup(to path: String, verify: (Store) throws -> Void = { _ in }) throws {
    let partial = try PartialBackup(of: path)
    try withReader { database in
      // VACUUM INTO needs write access, though it writes only to the new file.
      try database.pragma("query_only = OFF")
      defer { _ = try? database.pragma("query_only = ON") }
      try database.run("VACUUM INTO \(partial.path)")
    }
    try partial.synchronize()
    try Self.examine(partial.path, verify)
    try partial.synchronize()
    try partial.finish()
  }

  /// Throws what `backup` would, as far as that can be known in advance.
  package static func refuseBackup(to path: String) throws { _ = try PartialBackup(of: path) }

  /// Reads the whole copy again. Its indexes were rebuilt from its rows, so they agree; the question is whether all
  /// pages reached the disk intact.
  private static func examine(_ path: String, _ verify: (Store) throws -> Void) throws {
    let copy = try Store(path: path, readers: 1, cachePerReader: 16 << 20)
    defer { copy.close() }
    let problems = try copy.check(only: [.pages])
    guard problems.isEmpty else { throw StoreError("the copy is damaged: \(problems[0])") }
    try verify(copy)
  }
}

/// A backup in progress, in the folder of its destination. What a killed program left of one is reused.
private final class PartialBackup {
  let path: String
  private let target: String
  private var descriptor: Int32

  init(of target: String) throws(StoreError) {
    self.target = target
    path = target + ".partial"
    guard access(target, F_OK) != 0 else { throw StoreError("backup to \(target): the file already exists") }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreError("backup to \(target): \(String(cString: strerror(errno)))") }
    // Another backup has just finished and renamed the file that was opened here.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isOurs else {
      close(descriptor)
      // The file there belongs to the other backup.
      descriptor = -1
      throw StoreError("backup to \(target): another backup is running")
    }
    removeCompanions()
    ftruncate(descriptor, 0)
  }

  /// Removes an incomplete file; a complete one has its final name by now.
  deinit {
    if descriptor >= 0 {
      removeCompanions()
      if isOurs { unlink(path) }
      close(descriptor)
    }
  }

  func synchronize() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw Folder.failure(path) }
    // Drops the page cache, so that reads from now on come from the disk.
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
  }

  /// Gives it its final name, unless that is taken by now.
  func finish() throws(StoreError) {
    removeCompanions()
    guard isOurs else { throw StoreError("backup to \(target): \(path) was removed during the backup") }
    // On file systems without hard links, a plain rename has to do.
    guard link(path, target) == 0 || errno != EEXIST && rename(path, target) == 0 else {
      throw StoreError("backup to \(target): \(String(cString: strerror(errno)))")
    }
    unlink(path)
    try Folder.synchronize(Folder.of(target))
  }

  /// Whether the file of this name is still the one that was opened.
  private var isOurs: Bool {
    var mine = stat()
    var there = stat()
    return fstat(descriptor, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
  }

  private func removeCompanions() { for ending in ["-wal", "-shm", "-journal", "-lock"] { unlink(path + ending) } }
}
