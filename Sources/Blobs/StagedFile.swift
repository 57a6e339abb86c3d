import Crypto
import Glibc

/// A file that is assembled in chunks.
package struct StagedFile: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// In bytes; 0 if it doesn't exist yet.
  package var size: Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  package var exists: Bool { access(path, F_OK) == 0 }

  /// Creates it, empty. An existing one is an error.
  package func create() throws { close(try open(O_WRONLY | O_CREAT | O_EXCL)) }

  /// Appends bytes.
  package func append(_ bytes: [UInt8]) throws {
    let descriptor = try open(O_WRONLY | O_APPEND)
    defer { close(descriptor) }
    try Self.write(bytes, to: descriptor, path)
  }

  /// Appends all of another file, in chunks.
  package func append(contentsOf other: String) throws {
    let descriptor = try open(O_WRONLY | O_APPEND)
    defer { close(descriptor) }
    try Self.read(other) { try Self.write($0, to: descriptor, path) }
  }

  /// The SHA-256 of the content, 64 hexadecimal digits.
  package func checksum() throws -> String {
    var digest = SHA256()
    try Self.read(path) { digest.add($0) }
    return digest.finish()
  }

  /// All of it: for what is known to be small.
  package func bytes() throws -> [UInt8] {
    var bytes: [UInt8] = []
    try Self.read(path) { bytes += $0 }
    return bytes
  }

  package func remove() { unlink(path) }

  private func open(_ flags: Int32) throws -> Int32 {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw BlobError("opened", path) }
    return descriptor
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw BlobError("written", path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func read(_ path: String, _ body: ([UInt8]) throws -> Void) throws {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BlobError("opened", path) }
    defer { close(descriptor) }
    while true {
      let piece = [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, count in
        count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
      }
      if piece.isEmpty { return }
      try body(piece)
    }
  }
}
