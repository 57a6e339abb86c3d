#if canImport(Glibc)
  import Glibc
#endif

/// A lock file by which programs that use the same data coordinate. Its locks belong to the open file, not to the
/// process (Linux, fcntl(2), "Open file description locks"), and end with the program, however it ends.
package final class LockFile: Sendable {
  /// The conditions expressed by a lock, each on a byte of its own.
  private enum Sign: off_t {
    /// One program has exclusive access to the data.
    case claim = 0
    /// A program waits to write.
    case waiting = 1
  }

  private let path: String
  private let descriptor: Int32

  /// Creates the file if it doesn't exist.
  package init(path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreError("\(path): \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Claims the data for one program, until this object is released. Throws, naming the other program, if it is claimed
  /// already. `holder` is the name of this program that others see.
  package func claim(as holder: String) throws(StoreError) {
    guard set(.claim, F_WRLCK) else { throw StoreError("in use by \(name)") }
    ftruncate(descriptor, 0)
    let bytes = Array("\(holder), process \(getpid())".utf8)
    // The name is optional: on a full disk the lock holds without it.
    _ = pwrite(descriptor, bytes, bytes.count, 0)
  }

  /// The program that has a claim; `nil` if none has.
  package var holder: String? {
    var lock = Self.lock(.claim, F_WRLCK)
    return fcntl(descriptor, Self.ask, &lock) == 0 && lock.l_type != Int16(F_UNLCK) ? name : nil
  }

  /// Releases the claim.
  package func release() { _ = set(.claim, F_UNLCK) }

  /// Signals to long writers of other programs that this one waits.
  func startWaiting() { _ = set(.waiting, F_RDLCK) }

  func stopWaiting() { _ = set(.waiting, F_UNLCK) }

  /// Whether another program waits to write.
  var othersWait: Bool {
    var lock = Self.lock(.waiting, F_WRLCK)
    return fcntl(descriptor, Self.ask, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
  }

  private var name: String {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : "another program"
  }

  private func set(_ sign: Sign, _ type: Int32) -> Bool {
    var lock = Self.lock(sign, type)
    return fcntl(descriptor, Self.change, &lock) == 0
  }

  private static func lock(_ sign: Sign, _ type: Int32) -> flock {
    var lock = flock()
    lock.l_type = Int16(type)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = sign.rawValue
    lock.l_len = 1
    return lock
  }

  // F_OFD_GETLK and F_OFD_SETLK, which glibc defines only for _GNU_SOURCE.
  private static let ask: Int32 = 36
  private static let change: Int32 = 37
}
