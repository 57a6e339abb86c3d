#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// Writes a complete, compact copy of the database as it is now to a new file, readable by its owner only, while others go on reading and
  /// writing. The file appears under its name only when it is complete, on disk and found to be whole by `verify` as well, which is given the copy.
  /// Throws a `StoreError` when the file already exists, or another backup to it is under way.
  package func backup(to path: String, verify: (Store) throws -> Void = { _ in }) throws {
    let partial = try PartialBackup(of: path)
    try withReader { database in
      // VACUUM needs the right to write, though all that it writes to is the new file.
      try database.pragma("query_only = OFF")
      defer { _ = try? database.pragma("query_only = ON") }
      try database.run("VACUUM INTO \(partial.path)")
    }
    try partial.synchronize()
    try Self.examine(partial.path, verify)
    try partial.synchronize()
    try partial.finish()
  }

  /// Throws what `backup` would, if it can be told beforehand.
  package static func refuseBackup(to path: String) throws { _ = try PartialBackup(of: path) }

  /// Reads the whole copy once more. Its indexes were rebuilt from its rows, so they agree; that all pages came to the disk as they were is the question.
  private static func examine(_ path: String, _ verify: (Store) throws -> Void) throws {
    let copy = try Store(path: path, readers: 1, cachePerReader: 16 << 20)
    defer { copy.close() }
    let problems = try copy.check(only: [.pages])
    guard problems.isEmpty else { throw StoreError("the copy is damaged: \(problems[0])") }
    try verify(copy)
  }
}

/// A backup that is being written, beside where it shall lie. What a killed program left of one is taken over.
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
    // One that has just been finished bears its own name, and this is that file.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isOurs else {
      close(descriptor)
      // What is there belongs to the other one.
      descriptor = -1
      throw StoreError("backup to \(target): another backup is running")
    }
    removeCompanions()
    ftruncate(descriptor, 0)
  }

  /// Nothing is left that is not whole, and what is has its own name by now.
  deinit {
    if descriptor >= 0 {
      removeCompanions()
      if isOurs { unlink(path) }
      close(descriptor)
    }
  }

  func synchronize() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw Folder.failure(path) }
    // What is read from now on comes from the disk, not from what is still in memory.
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
  }

  /// Gives it its name, unless somebody else has taken that meanwhile.
  func finish() throws(StoreError) {
    removeCompanions()
    guard isOurs else { throw StoreError("backup to \(target): \(path) was taken away while it was written") }
    // Where the disk knows no second names a plain renaming has to do.
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
