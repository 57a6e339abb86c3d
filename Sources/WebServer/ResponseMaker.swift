import CMicroHTTPD
import Glibc
import Synchronization
import Web

/// Converts our responses to the library's.
enum ResponseMaker {
  private static let blockSize = 64 << 10

  /// `expect` is called with the number of bytes about to be sent: for a stream before each chunk. `streams` registers
  /// event streams.
  static func make(
    _ response: Response, closing: Bool, on connection: OpaquePointer, streams: OpenStreams, expect: @escaping @Sendable (Int) -> Void
  ) -> OpaquePointer? {
    let made: OpaquePointer?
    expect(response.body.size)
    switch response.body {
    case .empty: made = MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
    case .bytes(let bytes):
      made = bytes.withUnsafeBytes { buffer in
        // The library copies them: the array is released when this returns.
        MHD_create_response_from_buffer(buffer.count, UnsafeMutableRawPointer(mutating: buffer.baseAddress), .RESPMEM_MUST_COPY)
      }
    case .page(let shared), .shared(let shared):
      // Read in place: the exchange keeps them until the library is done.
      made = MHD_create_response_from_buffer(
        shared.bytes.count, UnsafeMutableRawPointer(mutating: shared.bytes.baseAddress), .RESPMEM_PERSISTENT)
    case .file(let slice):
      guard let file = FileBox(slice, expect) else { return nil }
      let box = Unmanaged.passRetained(file)
      made = MHD_create_response_from_callback(UInt64(slice.count), blockSize, readFile, box.toOpaque(), releaseFile)
      if made == nil { box.release() }
    case .stream(let next):
      let box = Unmanaged.passRetained(StreamBox(next, expect))
      made = MHD_create_response_from_callback(UInt64.max, blockSize, read, box.toOpaque(), release)
      if made == nil { box.release() }
    case .events(let stream):
      let box = Unmanaged.passRetained(EventBox(stream, connection, streams, expect))
      made = MHD_create_response_from_callback(UInt64.max, 1 << 10, readEvents, box.toOpaque(), releaseEvents)
      if made == nil { box.release() }
    }
    guard let made else { return nil }
    for (name, value) in response.headers.fields { MHD_add_response_header(made, name, value) }
    if closing { MHD_add_response_header(made, "Connection", "close") }
    return made
  }
}

extension Response.Body {
  /// In bytes; 0 for a stream, whose size isn't known in advance.
  fileprivate var size: Int {
    switch self {
    case .empty, .stream, .events: 0
    case .bytes(let bytes): bytes.count
    case .page(let shared), .shared(let shared): shared.bytes.count
    case .file(let slice): slice.count
    }
  }
}

/// The rest of a stream's last chunk.
private final class StreamBox {
  let next: @Sendable () throws -> [UInt8]?
  let expect: @Sendable (Int) -> Void
  var rest: ArraySlice<UInt8> = []

  init(_ next: @escaping @Sendable () throws -> [UInt8]?, _ expect: @escaping @Sendable (Int) -> Void) {
    self.next = next
    self.expect = expect
  }
}

private func read(_ pointer: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
  /// MHD_CONTENT_READER_END_OF_STREAM and …_WITH_ERROR: cast macros, which Swift doesn't import.
  let end = -1
  let failed = -2
  guard let pointer, let buffer else { return failed }
  let box = Unmanaged<StreamBox>.fromOpaque(pointer).takeUnretainedValue()
  while box.rest.isEmpty {
    do {
      guard let piece = try box.next() else { return end }
      box.rest = piece[...]
    } catch {
      // The connection is closed, so that no client takes a partial response for a complete one.
      return failed
    }
  }
  let count = min(room, box.rest.count)
  box.expect(count)
  box.rest.prefix(count).withUnsafeBytes { UnsafeMutableRawBufferPointer(start: buffer, count: count).copyMemory(from: $0) }
  box.rest = box.rest.dropFirst(count)
  return count
}

private func release(_ pointer: UnsafeMutableRawPointer?) {
  if let pointer { Unmanaged<StreamBox>.fromOpaque(pointer).release() }
}

/// A file being sent. The library could send one itself, but if it turns out shorter than announced, it retries
/// endlessly or waits forever.
private final class FileBox {
  let slice: FileSlice
  let descriptor: Int32
  let expect: @Sendable (Int) -> Void

  init?(_ slice: FileSlice, _ expect: @escaping @Sendable (Int) -> Void) {
    descriptor = open(slice.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    self.slice = slice
    self.expect = expect
  }

  deinit { close(descriptor) }
}

private func readFile(_ pointer: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
  /// MHD_CONTENT_READER_END_WITH_ERROR: a cast macro, which Swift doesn't import. It closes the connection.
  let failed = -2
  guard let pointer, let buffer else { return failed }
  let box = Unmanaged<FileBox>.fromOpaque(pointer).takeUnretainedValue()
  let wanted = min(room, box.slice.count - Int(position))
  box.expect(box.slice.count - Int(position))
  while true {
    let count = pread(box.descriptor, buffer, wanted, box.slice.offset + Int(position))
    if count > 0 { return count }
    if count == 0 || errno != EINTR { return failed }
  }
}

private func releaseFile(_ pointer: UnsafeMutableRawPointer?) {
  if let pointer { Unmanaged<FileBox>.fromOpaque(pointer).release() }
}

/// Events for one connection, which is suspended while there are none.
///
/// `@unchecked Sendable`: the connection's handle can be resumed from any thread, and lives as long as the stream is
/// attached.
private final class EventBox: @unchecked Sendable {
  let stream: EventStream
  let connection: OpaquePointer
  let streams: OpenStreams
  let expect: @Sendable (Int) -> Void

  init(_ stream: EventStream, _ connection: OpaquePointer, _ streams: OpenStreams, _ expect: @escaping @Sendable (Int) -> Void) {
    self.stream = stream
    self.connection = connection
    self.streams = streams
    self.expect = expect
    stream.attach { [unowned self] in MHD_resume_connection(self.connection) }
    streams.add(stream)
  }

  func end() {
    streams.remove(stream)
    stream.detach()
  }
}

private func readEvents(_ pointer: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int
{
  /// MHD_CONTENT_READER_END_OF_STREAM: a cast macro, which Swift doesn't import.
  let end = -1
  guard let pointer, let buffer else { return end }
  let box = Unmanaged<EventBox>.fromOpaque(pointer).takeUnretainedValue()
  let step = box.stream.next(atMost: room) {
    box.expect(.max)
    MHD_suspend_connection(box.connection)
  }
  switch step {
  case .end: return end
  case .asleep: return 0
  case .bytes(let bytes):
    box.expect(bytes.count)
    bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: buffer, count: bytes.count).copyMemory(from: $0) }
    return bytes.count
  }
}

private func releaseEvents(_ pointer: UnsafeMutableRawPointer?) {
  guard let pointer else { return }
  let box = Unmanaged<EventBox>.fromOpaque(pointer)
  box.takeUnretainedValue().end()
  box.release()
}
