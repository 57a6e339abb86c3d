import Glibc

/// The few file operations that the kernel has and the standard library has not.
enum Disk {
  /// Returns when a file's bytes, or a folder's names, would survive a power cut.
  static func synchronize(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BlobError("opened", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw BlobError("written to disk", path) }
  }

  /// The names in a folder, without `.` and `..`; none if there is no such folder.
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

  /// Writes a file's bytes into another one, which is empty. Where the disk can, without moving a byte.
  static func copy(_ path: String, to target: String) throws {
    let source = open(path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw BlobError("opened", path) }
    defer { close(source) }
    let copy = open(target, O_WRONLY | O_CLOEXEC)
    guard copy >= 0 else { throw BlobError("opened", target) }
    defer { close(copy) }
    // FICLONE: the disk lets two files share their room until one of them changes. Few can.
    if ioctl(copy, 0x4004_9409, source) == 0 { return }
    try StagedFile(path: target).append(contentsOf: path)
  }
}
