#if canImport(Glibc)
  import Glibc
#endif

/// Room on the disk that is given up when the disk is full, so that people can still sign in and delete. It goes in small steps: whatever filled the
/// disk may take what is given up before it is used, but not all at once. Once begun, only such writes are let through until there is room again.
///
/// Sendable because only who has the writer's connection touches it.
final class DiskReserve: @unchecked Sendable {
  /// In bytes: a sign-in takes some 100 KB of the log.
  private static let most = 16 << 20
  private static let step = 256 << 10
  /// With less than that on the disk nobody is let write again.
  private static let least = 2 << 20
  private let path: String
  private var held = 0
  /// Whether some of it has been given up.
  private(set) var isInUse = false

  /// Where the room for a database is kept.
  static func path(for database: String) -> String { database + "-reserve" }

  /// Takes the room, as far as there is some. `path` is the file that holds it.
  init(path: String) {
    self.path = path
    unlink(path)
    take()
  }

  /// Gives some of the room up; `false` if there is none left.
  func spend() -> Bool {
    isInUse = true
    guard held > 0 else { return false }
    held = max(0, held - Self.step)
    return truncate(path, off_t(held)) == 0
  }

  /// Takes the room back if there is some by now.
  func restore() { if isInUse, free >= 2 * Self.least { take() } }

  /// Half of what is free, so that there is some for everybody.
  private func take() {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let wanted = min(Self.most, held + free / 2)
    guard posix_fallocate(descriptor, 0, off_t(max(1, wanted))) == 0 else {
      ftruncate(descriptor, off_t(held))
      return
    }
    held = wanted
    isInUse = false
  }

  /// In bytes, for who isn't root.
  private var free: Int {
    var disk = statvfs()
    return statvfs(Folder.of(path), &disk) == 0 ? Int(UInt(disk.f_bavail) * disk.f_frsize) : 0
  }
}
