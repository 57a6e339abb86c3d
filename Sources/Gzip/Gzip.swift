/// The gzip format (RFC 1952), for whole buffers.
package enum Gzip {
  /// The bytes as one gzip member, at a level from 1 (fast) to 12 (small, and slow). Thread-safe.
  package static func compress(_ bytes: [UInt8], level: Int) -> [UInt8] {
    ThreadCompressors.current.deflater(level: level).compress(bytes)
  }

  /// The decompressed bytes of a gzip stream with one member; `nil` if it is corrupt, truncated or larger than `limit`
  /// bytes.
  package static func decompress(_ bytes: [UInt8], limit: Int = 64 << 20) -> [UInt8]? { Inflater.inflate(bytes, limit: limit) }
}
