import Base

#if canImport(Glibc)
  import Glibc
#endif

/// Logs that could not be read to their end, copied aside before the database was opened without what was in them. They lie beside it until somebody
/// has looked at them and removes them.
enum DamagedLog {
  private static let mark = ".damaged-"

  /// What is to be said of each such log that lies beside a database, with what to do about it.
  static func problems(of path: String) -> [String] {
    let (folder, name) = (Folder.of(path), Folder.name(of: path))
    return Folder.names(in: folder).filter { $0.hasPrefix(name + "-wal" + mark) && $0.hasSuffix(".txt") }.sorted().map { report in
      let bytes = FileDescriptor(reading: folder + "/" + report)?.read(at: 0, count: 4_096) ?? []
      let account = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      return
        "\(path): \(account). The log is kept as \(report.dropLast(4)); restore a backup if anything is missing, and move that file away when you are done"
    }
  }

  /// Before a database is opened: if its log can't be read to the end, copies it aside, since opening and closing the database removes it.
  ///
  /// Throws where that isn't possible: what could still be read by hand would be lost.
  static func secure(_ path: String) throws(StoreError) {
    guard access(path + "-wal", F_OK) == 0 || access(path + "-shm", F_OK) == 0, !isOpenHere(path) else { return }
    if DatabaseFile(path).kind != .database, LogFile(path + "-wal").map({ $0.size > LogFile.headerSize }) == true {
      throw StoreError(
        "\(path) is empty or missing, but its log \(path)-wal is not: SQLite would remove the log. Restore a backup, or move the log away")
    }
    guard case .damaged(let damage) = LogInspection.settled(path).verdict else { return }
    let isShared = isOpenElsewhere(path)
    if isShared, isKept(path) { return }
    try keep(path, damage)
    // While somebody else has the database open it goes on with the log as it is.
    guard !isShared else { return }
    if damage.isInFile {
      for file in [path + "-wal", path + "-shm"] { unlink(file) }
    } else {
      // Opened and closed, it begins a new log: what can't be read isn't found again behind later transactions.
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

  /// Whether a copy of just this log is there already.
  private static func isKept(_ path: String) -> Bool {
    let (folder, name) = (Folder.of(path), Folder.name(of: path))
    let log = LogFile(path + "-wal")
    return Folder.names(in: folder).contains { other in
      guard other.hasPrefix(name + "-wal" + mark), !other.hasSuffix(".txt"), let copy = LogFile(folder + "/" + other) else { return false }
      return copy.header == log?.header
    }
  }

  /// Whether this very process uses the database: then it was looked at before, and to open and close its files would drop the locks on them.
  private static func isOpenHere(_ path: String) -> Bool {
    var index = stat()
    guard stat(path + "-shm", &index) == 0 else { return false }
    return Folder.names(in: "/proc/self/fd").contains { name in
      var status = stat()
      return stat("/proc/self/fd/" + name, &status) == 0 && status.st_dev == index.st_dev && status.st_ino == index.st_ino
    }
  }

  /// Whether another process uses the database: each connection holds a lock on a byte behind the first gigabyte of the file.
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
  /// What is to be said of logs that could not be read to their end and lie beside the database: one line for each.
  package var damagedLogs: [String] { DamagedLog.problems(of: path) }
}
