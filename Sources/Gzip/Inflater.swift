import CDeflate

/// Decompresses one gzip member.
enum Inflater {
  static func inflate(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    // The last four bytes give the size, modulo 2³²; that it is true is checked while decompressing.
    guard bytes.count >= 18, let decompressor = libdeflate_alloc_decompressor() else { return nil }
    defer { libdeflate_free_decompressor(decompressor) }
    let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= limit else { return nil }
    return bytes.withUnsafeBytes { input in
      var isSound = false
      let out = [UInt8](unsafeUninitializedCapacity: size) { output, count in
        var (taken, written) = (0, 0)
        // At least one byte: an empty array has no address to write to.
        let result = withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { spare in
          libdeflate_gzip_decompress_ex(
            decompressor, input.baseAddress, input.count,
            output.baseAddress ?? UnsafeMutablePointer(spare.baseAddress?.assumingMemoryBound(to: UInt8.self)),
            size, &taken, &written)
        }
        isSound = result == LIBDEFLATE_SUCCESS && taken == input.count && written == size
        count = isSound ? written : 0
      }
      return isSound ? out : nil
    }
  }
}
