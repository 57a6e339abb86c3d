/// An HTTP response.
package struct Response: Sendable {
  package var status: Int
  package var headers: Headers
  package var body: Body

  package enum Body: Sendable {
    case empty
    case bytes([UInt8])
    /// A page, sent from the buffer in which it was rendered.
    case page(SharedBytes)
    /// Immutable bytes that live as long as the process (static assets).
    case shared(SharedBytes)
    /// Part of a file, read while it is sent. The file must not change during that time; it can be unlinked.
    case file(FileSlice)
    /// Sent in chunks: each call returns the next bytes, `nil` ends the body (CSV exports of any size). Called on a
    /// server thread.
    case stream(@Sendable () throws -> [UInt8]?)
    /// Open-ended: events as they happen.
    case events(EventStream)
  }

  package init(status: Int, headers: Headers = Headers(), body: Body = .empty) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Bytes in one allocation, which is sent without a copy; safe to share because nothing writes to it after `init`.
package final class SharedBytes: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer

  /// Takes ownership of an allocation.
  package init(owning bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  deinit { bytes.deallocate() }

  package init(_ content: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, content.count), alignment: 16)
    copy.copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(rebasing: copy[..<content.count])
  }
}
