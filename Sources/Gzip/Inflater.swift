import CZlib

/// Unpacks one gzip stream.
enum Inflater {
  static func inflate(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    // On the heap, since zlib keeps a pointer from its own state back to this one.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    defer { stream.deallocate() }
    stream.initialize(to: z_stream())
    let gzipFormat: Int32 = 15 + 16
    guard inflateInit2_(stream, gzipFormat, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(stream) }
    return bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      return unpack(stream, limit: limit)
    }
  }

  private static func unpack(_ stream: UnsafeMutablePointer<z_stream>, limit: Int) -> [UInt8]? {
    var out: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let (result, count) = block.withUnsafeMutableBufferPointer { buffer in
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        let result = CZlib.inflate(stream, Z_NO_FLUSH)
        return (result, buffer.count - Int(stream.pointee.avail_out))
      }
      guard out.count + count <= limit else { return nil }
      out += block[..<count]
      if result == Z_STREAM_END { return stream.pointee.avail_in == 0 ? out : nil }
      guard result == Z_OK else { return nil }
    }
  }
}
