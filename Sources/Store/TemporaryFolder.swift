#if canImport(Glibc)
  import Glibc
#endif

/// A folder of plain files, removed when this object is released.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws(StoreError) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/roost-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw StoreError("\(parent): \(String(cString: strerror(errno)))") }
    path = String(cString: made)
  }

  func write(_ bytes: [UInt8], as name: String) throws(StoreError) {
    let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    guard close(file) == 0, written == bytes.count else { throw StoreError("\(path)/\(name): \(String(cString: strerror(errno)))") }
  }

  deinit {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { unlink(path + "/" + name) }
      }
      closedir(folder)
    }
    rmdir(path)
  }
}
