#if canImport(Glibc)
  import Glibc
#endif

/// Room on the disk that is given up when the disk is full, so that people can still sign in and delete. Once given up, it is taken back as soon as
/// there is room again; until then only such writes are let through.
///
/// Sendable because only who has the writer's connection touches it.
final class DiskReserve: @unchecked Sendable {
  /// In bytes: a sign-in takes some 100 KB of the log.
  private static let size = 16 << 20
  private let path: String
  private(set) var isSpent = false

  /// Where the room for a database is kept.
  static func path(for database: String) -> String { database + "-reserve" }

  /// Takes the room, if there is that much. `path` is the file that holds it.
  init(path: String) {
    self.path = path
    isSpent = !take()
  }

  /// Gives the room up; `false` if that was done before.
  func spend() -> Bool {
    guard !isSpent else { return false }
    isSpent = true
    return unlink(path) == 0
  }

  /// Takes the room back if there is twice as much by now.
  func restore() {
    var disk = statvfs()
    guard isSpent, statvfs(Self.folder(of: path), &disk) == 0, UInt(disk.f_bavail) * disk.f_frsize > 2 * UInt(Self.size) else { return }
    isSpent = !take()
  }

  private func take() -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard posix_fallocate(descriptor, 0, off_t(Self.size)) == 0 else {
      unlink(path)
      return false
    }
    return true
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }
}
