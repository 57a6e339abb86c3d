import Glibc

/// Stores the contents of files, each content once, under its checksum. The database says which ones are needed; the
/// two stay consistent by the order of steps: bytes are safe before they are referenced, and unreferenced before they
/// are deleted.
package protocol BlobStorage: Sendable {
  /// Takes ownership of finished local files, moving them into place; they replace existing copies of the same
  /// contents, which could be damaged. `commit` references the contents in the database: if it throws, the bytes are
  /// deleted too, unless they existed before.
  @discardableResult
  func keep<T>(_ files: [(path: String, checksum: String)], _ commit: () throws -> T) throws -> T

  /// Lets `commit` remove references, then deletes the bytes that it returns: those without any reference left.
  /// `checksums` are all that it can return.
  @discardableResult
  func forget<T>(_ checksums: [String], _ commit: () throws -> (result: T, unnamed: [String])) throws -> T

  /// A local path to read the content from.
  func path(of checksum: String) -> String

  /// Completes or undoes what a crash interrupted; has to be called before anything else. `isNamed` asks the database.
  func recover(_ isNamed: (String) throws -> Bool) throws

  /// The stored contents, for checks.
  func all() -> [String]
}

extension BlobStorage {
  /// The same for one file.
  @discardableResult
  package func keep<T>(_ path: String, as checksum: String, _ commit: () throws -> T) throws -> T {
    try keep([(path, checksum)], commit)
  }
}

/// Why bytes could not be stored: the disk is full, or the folder isn't writable.
package struct BlobError: Error, CustomStringConvertible {
  package let description: String
  /// Whether the file doesn't exist.
  package let isMissing: Bool
  /// Whether the disk is full.
  package let isFull: Bool

  init(_ what: String, _ path: String) {
    isMissing = errno == ENOENT
    isFull = errno == ENOSPC || errno == EDQUOT
    description = "\(path) could not be \(what): \(String(cString: strerror(errno)))"
  }
}
