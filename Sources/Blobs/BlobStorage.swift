import Glibc

/// Where the bytes of files lie, each content once, under its fingerprint. The database says which are wanted; the two are kept in step by the
/// order of steps: bytes are safe before they are named, and unnamed before they go.
package protocol BlobStorage: Sendable {
  /// Takes finished local files over, which are gone from their places then, and take the places of the same contents if those are there: they may be
  /// damaged. `commit` names the contents in the database: when it throws, the
  /// bytes go too, unless they were there before.
  @discardableResult
  func keep<T>(_ files: [(path: String, checksum: String)], _ commit: () throws -> T) throws -> T

  /// Lets `commit` forget contents, then removes the bytes of those that it gives back: the ones that nothing names any more. `checksums` are
  /// all that it may give back.
  @discardableResult
  func forget<T>(_ checksums: [String], _ commit: () throws -> (result: T, unnamed: [String])) throws -> T

  /// A local file to read the content from.
  func path(of checksum: String) -> String

  /// Mends what the program's end left half done; to be called before anything else. `isNamed` asks the database.
  func recover(_ isNamed: (String) throws -> Bool) throws

  /// The contents that lie here, for checks.
  func all() -> [String]
}

extension BlobStorage {
  /// The same for one file.
  @discardableResult
  package func keep<T>(_ path: String, as checksum: String, _ commit: () throws -> T) throws -> T {
    try keep([(path, checksum)], commit)
  }
}

/// Why bytes could not be kept: the disk is full, or the folder can't be written.
package struct BlobError: Error, CustomStringConvertible {
  package let description: String
  /// Whether there is no such file.
  package let isMissing: Bool
  /// Whether the disk is full.
  package let isFull: Bool

  init(_ what: String, _ path: String) {
    isMissing = errno == ENOENT
    isFull = errno == ENOSPC || errno == EDQUOT
    description = "\(path) could not be \(what): \(String(cString: strerror(errno)))"
  }
}
