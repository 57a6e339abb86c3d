import CZlib

/// One of zlib's compressors, used again and again: setting one up allocates and clears a quarter of a megabyte.
///
/// Sendable because `DeflaterPool` lends it to one thread at a time.
final class Deflater: @unchecked Sendable {
  let level: Int
  /// On the heap, since zlib keeps a pointer from its own state back to this one.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init(level: Int) {
    self.level = level
    stream.initialize(to: z_stream())
    let gzipFormat: Int32 = 15 + 16
    let result = deflateInit2_(
      stream, Int32(level), Z_DEFLATED, gzipFormat, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(result == Z_OK, "zlib can’t start: out of memory, or not the version that this was built with")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func compress(_ bytes: [UInt8]) -> [UInt8] {
    defer { deflateReset(stream) }
    return bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      // The bound holds for one call with all of the input, so a single call always ends the stream.
      let bound = Int(deflateBound(stream, UInt(input.count)))
      return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let result = deflate(stream, Z_FINISH)
        precondition(result == Z_STREAM_END, "zlib’s own bound was too small")
        count = output.count - Int(stream.pointee.avail_out)
      }
    }
  }
}
