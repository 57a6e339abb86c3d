import Base

#if canImport(Glibc)
  import Glibc
#endif

/// Logs that could not be read to their end. They are copied before the database is opened without their remainder, and
/// stay beside it until the operator removes them.
enum DamagedLog {
  private static let mark = ".damaged-"

  /// One message for each such log beside a database, with what to do about it.
  static func problems(of path: String) -> [String] {
    let (folder, name) = (Folder.of(path), Folder.name(of: path))
    return Folder.names(in: folder).filter { $0.hasPrefix(name + "-wal" + mark) && $0.hasSuffix(".txt") }.sorted().map { report in
      let bytes = FileDescriptor(reading: folder + "/" + report)?.read(at: 0, count: 4_096) ?? []
      let account = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      return
        "\(path): \(account). The log is kept as \(report.dropLast(4)); restore a backup if anything is missing, and move that file away afterwards"
    }
  }

  /// Called before a database is opened: if its log can't be read to the end, copies it, since opening and closing the
  /// database deletes it.
  ///
  /// Throws if that isn't possible: data that might still be recovered by hand would be lost.
  static func secure(_ path: String) throws(StoreError) {
    guard access(path + "-wal", F_OK) == 0 || access(path + "-shm", F_OK) == 0, !isOpenHere(path) else { return }
    if DatabaseFile(path).kind != .database, LogFile(path + "-wal").map({ $0.size > LogFile.headerSize }) == true {
      throw StoreError(
        "\(path) is empty or missing, but its log \(path)-wal is not: SQLite would delete the log. Restore a backup, or move the log away")
    }
    guard case .damaged(let damage) = LogInspection.settled(path).verdict else { return }
    let isShared = isOpenElsewhere(path)
    if isShared, isKept(path) { return }
    try keep(path, damage)
    // While another program has the database open, that program continues with the log as it is.
    guard !isShared else { return }
    if damage.isInFile {
      for file in [path + "-wal", path + "-shm"] { unlink(file) }
    } else {
      // Opening and closing starts a new log, so that the damage isn't found again after later transactions.
      try Database(path: path).execute("SELECT count(*) FROM sqlite_schema")
    }
  }

  private static func keep(_ path: String, _ damage: LogInspection.Damage) throws(StoreError) {
    let ending = mark + Clock.system.now().text.filter { $0.isNumber || $0 == "T" || $0 == "Z" }
    let copy = path + "-wal" + ending
    do {
      for part in ["-wal", "-shm"] where access(path + part, F_OK) == 0 { try Folder.copy(path + part, to: path + part + ending) }
      if access(copy, F_OK) != 0 { try Folder.write("", to: copy) }
      try Folder.write(
        """
        \(damage.account)
        \(Folder.name(of: copy)) is the log as it was found, \(Folder.name(of: path + "-shm" + ending)) its index if there was one.
        Every frame of the log is 24 bytes, the first four of them the number of a page of \(Folder.name(of: path)), and that page as it was after a change:
        https://sqlite.org/walformat.html. What can be read without doubt is in the database already.

        """, to: copy + ".txt")
      try Folder.synchronize(Folder.of(path))
    } catch {
      throw StoreError(
        "\(path): \(damage.account); the log could not be copied to \(copy) and would be lost by opening the database (\(error.message))")
    }
  }

  /// Whether there already is a copy of this exact log.
  private static func isKept(_ path: String) -> Bool {
    let (folder, name) = (Folder.of(path), Folder.name(of: path))
    let log = LogFile(path + "-wal")
    return Folder.names(in: folder).contains { other in
      guard other.hasPrefix(name + "-wal" + mark), !other.hasSuffix(".txt"), let copy = LogFile(folder + "/" + other) else { return false }
      return copy.header == log?.header
    }
  }

  /// Whether this process has the database open: then it was checked before, and opening and closing its files would
  /// drop its locks.
  private static func isOpenHere(_ path: String) -> Bool {
    var index = stat()
    guard stat(path + "-shm", &index) == 0 else { return false }
    return Folder.names(in: "/proc/self/fd").contains { name in
      var status = stat()
      return stat("/proc/self/fd/" + name, &status) == 0 && status.st_dev == index.st_dev && status.st_ino == index.st_ino
    }
  }

  /// Whether another process has the database open: each connection locks a byte after the first gigabyte of the file.
  private static func isOpenElsewhere(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var lock = flock()
    (lock.l_type, lock.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
    (lock.l_start, lock.l_len) = (0x4000_0002, 510)
    return fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
  }
}

extension Store {
  /// One message for each log beside the database that could not be read to its end.
  package var damagedLogs: [String] { DamagedLog.problems(of: path) }
}
