import CMicroHTTPD
import Web

/// Copies a request's headers out of the library.
enum HeaderReader {
  /// The headers, and how many bytes they took.
  static func read(_ handle: OpaquePointer) -> (Headers, Int) {
    let box = Box()
    let pointer = Unmanaged.passUnretained(box).toOpaque()
    withExtendedLifetime(box) {
      _ = MHD_get_connection_values_n(
        handle, .HEADER_KIND,
        { pointer, _, key, keySize, value, valueSize in
          guard let pointer, let key else { return .NO }
          let box = Unmanaged<Box>.fromOpaque(pointer).takeUnretainedValue()
          box.headers.add(HeaderReader.text(key, keySize), HeaderReader.text(value, valueSize))
          box.size += keySize + valueSize + 4
          return .YES
        }, pointer)
    }
    return (box.headers, box.size)
  }

  private final class Box {
    var headers = Headers()
    var size = 0
  }

  private static func text(_ pointer: UnsafePointer<CChar>?, _ count: Int) -> String {
    guard let pointer, count > 0 else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: pointer, count: count), as: UTF8.self)
  }
}
