import Glibc

/// File operations that the kernel has and the standard library doesn't.
enum Disk {
  /// Returns when a file's bytes, or a folder's entries, would survive a power failure.
  static func synchronize(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BlobError("opened", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw BlobError("written to disk", path) }
  }

  /// The names in a folder, without `.` and `..`; none if the folder doesn't exist.
  static func names(in folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Copies a file's bytes to another, empty one; without moving data if the file system supports it.
  static func copy(_ path: String, to target: String) throws {
    let source = open(path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw BlobError("opened", path) }
    defer { close(source) }
    let copy = open(target, O_WRONLY | O_CLOEXEC)
    guard copy >= 0 else { throw BlobError("opened", target) }
    defer { close(copy) }
    // FICLONE: both files share their blocks until one of them changes. Few file systems support it.
    if ioctl(copy, 0x4004_9409, source) == 0 { return }
    try StagedFile(path: target).append(contentsOf: path)
  }
}
