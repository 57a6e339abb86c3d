#if canImport(Glibc)
  import Glibc
#endif

/// The few file operations that the store needs.
enum Folder {
  /// The names in a folder; none if the folder doesn't exist.
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

  /// The folder of a file.
  static func of(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func name(of path: String) -> String { path.split(separator: "/").last.map { String($0) } ?? path }

  /// Returns when a file's bytes, or a folder's entries, would survive a power failure.
  static func synchronize(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  /// A new file with the same bytes, synced.
  static func copy(_ path: String, to target: String) throws(StoreError) {
    guard let source = FileDescriptor(reading: path) else { throw failure(path) }
    try create(target) { descriptor throws(StoreError) in
      var offset = 0
      while true {
        let piece = source.read(at: offset, count: 1 << 20)
        if piece.isEmpty { return }
        try append(piece, to: descriptor, target)
        offset += piece.count
      }
    }
  }

  /// A new file with this text, synced.
  static func write(_ text: String, to target: String) throws(StoreError) {
    try create(target) { descriptor throws(StoreError) in try append(Array(text.utf8), to: descriptor, target) }
  }

  private static func create(_ path: String, _ body: (Int32) throws(StoreError) -> Void) throws(StoreError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    try body(descriptor)
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func append(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      written += count
    }
  }

  static func failure(_ path: String) -> StoreError { StoreError("\(path): \(String(cString: strerror(errno)))") }
}
