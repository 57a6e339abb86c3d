#if canImport(Glibc)
  import Glibc
#endif

/// What is at a database's path, judged by its first bytes, without opening or creating anything.
package struct DatabaseFile {
  /// What it is.
  package enum Kind: Sendable {
    case missing
    /// An empty file.
    case empty
    case database
    /// Something else.
    case other
  }

  /// What it is.
  package let kind: Kind
  /// Its path.
  package let path: String
  private let head: [UInt8]

  /// Inspects the file.
  package init(_ path: String) {
    self.path = path
    let file = FileDescriptor(reading: path)
    head = file?.read(at: 0, count: 100) ?? []
    kind =
      file == nil
      ? access(path, F_OK) == 0 ? .other : .missing
      : head.isEmpty ? .empty : head.count == 100 && head.starts(with: Array("SQLite format 3\0".utf8)) ? .database : .other
  }

  /// In bytes.
  var pageSize: Int? {
    guard kind == .database else { return nil }
    let size = Int(head[16]) << 8 | Int(head[17])
    return size == 1 ? 65_536 : size
  }

  /// The program that currently has exclusive access, by the name it gives to others; `nil` if none has.
  package var holder: String? {
    guard let lock = try? LockFile(path: path + "-lock") else { return nil }
    return lock.holder
  }

  /// Whether it is a database without this table. Doesn't change anything, unlike opening it for use.
  package func lacks(table: String) throws -> Bool {
    guard kind == .database else { return true }
    let database = try Database(path: path)
    return try database.value("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = \(table)") == nil
  }

  /// Whether it is in WAL mode, as every store's database is.
  package var hasLog: Bool { kind == .database && head[18] == 2 && head[19] == 2 }
}
