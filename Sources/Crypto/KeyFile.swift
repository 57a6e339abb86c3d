import Glibc

/// The file with this installation's key, made when it is first needed. Only its owner may read it.
package enum KeyFile {
  /// Why there is no key.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private static let size = 32

  /// The key in a file; a new one where there is no file. Of two programs that start at once, both get the same.
  package static func key(at path: String) throws(Failure) -> [UInt8] {
    if let key = try read(path) { return key }
    let draft = path + ".\(getpid())"
    defer { unlink(draft) }
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    let key = SecureRandom.bytes(size)
    let written = write(descriptor, key, size) == size && fsync(descriptor) == 0
    close(descriptor)
    guard written else { throw failure(path) }
    if link(draft, path) == 0 { return key }
    guard errno == EEXIST, let other = try read(path) else { throw failure(path) }
    return other
  }

  /// `nil` where there is no file.
  private static func read(_ path: String) throws(Failure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: size + 1)
    let count = Glibc.read(descriptor, &bytes, size + 1)
    guard count == size else {
      throw Failure(
        description: "\(path) is damaged: it should have \(size) bytes. Restore it from a backup, or remove it: "
          + "then two-factor authentication has to be set up again.")
    }
    return Array(bytes.prefix(size))
  }

  private static func failure(_ path: String) -> Failure { Failure(description: "\(path): \(String(cString: strerror(errno)))") }
}
