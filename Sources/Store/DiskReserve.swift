#if canImport(Glibc)
  import Glibc
#endif

/// Disk space that is given up when the disk is full, so that people can still sign in and delete. It is released in
/// small steps: whatever filled the disk could take released space first, but not all of it at once. After the first
/// step only essential writes are allowed until there is space again.
///
/// Sendable because only the holder of the writer's connection uses it.
final class DiskReserve: @unchecked Sendable {
  /// In bytes: a sign-in takes about 100 KB of the log.
  private static let most = 16 << 20
  private static let step = 256 << 10
  /// With less free disk space than this, ordinary writes stay blocked.
  private static let least = 2 << 20
  private let path: String
  private var held = 0
  /// Whether some of it has been released.
  private(set) var isInUse = false

  /// The path of the reserve file of a database.
  static func path(for database: String) -> String { database + "-reserve" }

  /// Allocates the reserve, as far as there is space. `path` is its file.
  init(path: String) {
    self.path = path
    unlink(path)
    take()
  }

  /// Releases a part of the reserve; `false` if nothing is left.
  func spend() -> Bool {
    isInUse = true
    guard held > 0 else { return false }
    held = max(0, held - Self.step)
    return truncate(path, off_t(held)) == 0
  }

  /// Allocates the reserve again if there is space by now.
  func restore() { if isInUse, free >= 2 * Self.least { take() } }

  /// At most half of the free space.
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

  /// In bytes, for users other than root.
  private var free: Int {
    var disk = statvfs()
    return statvfs(Folder.of(path), &disk) == 0 ? Int(UInt(disk.f_bavail) * disk.f_frsize) : 0
  }
}
