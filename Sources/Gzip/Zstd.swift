import CZstd

/// The Zstandard format (RFC 8878), for whole buffers.
package enum Zstd {
  /// The bytes as one frame, at a level from 1 (fast) to 19 (small, and slow). Thread-safe.
  ///
  /// The window never exceeds the 8 MB that browsers have to support (RFC 9659).
  package static func compress(_ bytes: [UInt8], level: Int) -> [UInt8] { ThreadCompressors.current.zstd.compress(bytes, level: level) }

  /// The decompressed bytes of a frame with a known size; `nil` if it is corrupt, truncated or larger than `limit`
  /// bytes.
  package static func decompress(_ bytes: [UInt8], limit: Int = 64 << 20) -> [UInt8]? {
    bytes.withUnsafeBytes { input in
      let size = ZSTD_getFrameContentSize(input.baseAddress, input.count)
      // The two highest values mean an unknown size, or an invalid frame.
      guard size <= UInt64(limit) else { return nil }
      var isSound = false
      let out = [UInt8](unsafeUninitializedCapacity: Int(size)) { output, count in
        let written = ZSTD_decompress(output.baseAddress, output.count, input.baseAddress, input.count)
        isSound = ZSTD_isError(written) == 0 && written == Int(size)
        count = isSound ? written : 0
      }
      return isSound ? out : nil
    }
  }
}

/// A reusable zstd compressor for one thread.
final class ZstdCompressor {
  private let context: OpaquePointer

  init() {
    guard let context = ZSTD_createCCtx() else { preconditionFailure("zstd can’t start: out of memory") }
    self.context = context
  }

  deinit { ZSTD_freeCCtx(context) }

  func compress(_ bytes: [UInt8], level: Int) -> [UInt8] {
    bytes.withUnsafeBytes { input in
      [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(input.count)) { output, count in
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        if level > 3 { ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 23) }
        let written = ZSTD_compress2(context, output.baseAddress, output.count, input.baseAddress, input.count)
        precondition(ZSTD_isError(written) == 0, "zstd’s own bound was too small")
        count = written
      }
    }
  }
}
