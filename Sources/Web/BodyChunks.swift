#if canImport(Glibc)
  import Glibc
#endif

/// A request's body in chunks, from memory or from the file that it was streamed to.
struct BodyChunks {
  private static let size = 64 << 10
  private let body: Request.Body
  private var offset = 0

  init(_ body: Request.Body) { self.body = body }

  private var count: Int {
    switch body {
    case .none: 0
    case .bytes(let bytes): bytes.count
    case .file(let file): file.size
    }
  }

  var isEmpty: Bool { count == 0 }

  mutating func next() throws(FormError) -> [UInt8]? {
    guard offset < count else { return nil }
    switch body {
    case .none: return nil
    case .bytes(let bytes):
      offset = bytes.count
      return bytes
    case .file(let file):
      let chunk = try Self.read(file.path, at: offset)
      offset += chunk.count
      return chunk
    }
  }

  mutating func all(atMost limit: Int) throws(FormError) -> [UInt8] {
    guard count <= limit else { throw FormError(.tooLarge(bytes: limit)) }
    var all: [UInt8] = []
    while let chunk = try next() { all += chunk }
    return all
  }

  /// Opens the file each time: a struct has no deinit to close it, and at 64 KiB per chunk opening costs nothing
  /// noticeable.
  private static func read(_ path: String, at offset: Int) throws(FormError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FormError(.unreadable) }
    defer { close(descriptor) }
    let chunk = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, size, offset))
    }
    guard !chunk.isEmpty else { throw FormError(.unreadable) }
    return chunk
  }
}
