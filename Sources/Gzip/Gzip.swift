/// The gzip format (RFC 1952), whole buffers at a time.
package enum Gzip {
  /// The bytes as one gzip member, at a level from 1 (fast) to 12 (small, and slow). Safe on any thread.
  package static func compress(_ bytes: [UInt8], level: Int) -> [UInt8] {
    ThreadCompressors.current.deflater(level: level).compress(bytes)
  }

  /// The bytes behind a gzip stream of one member; `nil` if it is broken, cut short or would grow over `limit` bytes.
  package static func decompress(_ bytes: [UInt8], limit: Int = 64 << 20) -> [UInt8]? { Inflater.inflate(bytes, limit: limit) }
}
