import CDeflate

/// A reusable libdeflate compressor for one thread: creating one allocates, and at high levels clears, a megabyte.
final class Deflater {
  private let compressor: OpaquePointer

  init(level: Int) {
    guard let compressor = libdeflate_alloc_compressor(Int32(level)) else {
      preconditionFailure("libdeflate can’t start: out of memory, or no such level")
    }
    self.compressor = compressor
  }

  deinit { libdeflate_free_compressor(compressor) }

  func compress(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { input in
      [UInt8](unsafeUninitializedCapacity: libdeflate_gzip_compress_bound(compressor, input.count)) { output, count in
        count = libdeflate_gzip_compress(compressor, input.baseAddress, input.count, output.baseAddress, output.count)
        precondition(count > 0, "libdeflate’s own bound was too small")
      }
    }
  }
}
