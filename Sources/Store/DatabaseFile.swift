#if canImport(Glibc)
  import Glibc
#endif

/// What lies where a database should be, by a look at its first bytes, without opening or making anything.
package struct DatabaseFile {
  /// What it is.
  package enum Kind: Sendable {
    case missing
    /// A file without a byte.
    case empty
    case database
    /// Something else.
    case other
  }

  /// What it is.
  package let kind: Kind
  /// Where it lies.
  package let path: String
  private let head: [UInt8]

  /// Looks at the file.
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

  /// Who has the database to itself just now, as they are named to others; `nil` when nobody has.
  package var holder: String? {
    guard let lock = try? LockFile(path: path + "-lock") else { return nil }
    return lock.holder
  }

  /// Whether it is a database without this table. Changes nothing in it, as opening it for use would.
  package func lacks(table: String) throws -> Bool {
    guard kind == .database else { return true }
    let database = try Database(path: path)
    return try database.value("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = \(table)") == nil
  }

  /// Whether it keeps a write-ahead log, as every store's does.
  package var hasLog: Bool { kind == .database && head[18] == 2 && head[19] == 2 }
}
