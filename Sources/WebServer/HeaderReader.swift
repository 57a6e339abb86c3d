import CMicroHTTPD
import Web

/// Copies a request's headers from the library.
enum HeaderReader {
  static func read(_ handle: OpaquePointer) -> Headers {
    // The first is our cookie (`roost_leave_whole`), unless there was no room for it.
    var found = (isFirst: true, headers: Headers())
    withUnsafeMutablePointer(to: &found) { found in
      _ = MHD_get_connection_values_n(
        handle, .HEADER_KIND,
        { pointer, _, key, keySize, value, valueSize in
          guard let found = pointer?.assumingMemoryBound(to: (isFirst: Bool, headers: Headers).self), let key else { return .NO }
          let (name, text) = (HeaderReader.text(key, keySize), HeaderReader.text(value, valueSize))
          if !(found.pointee.isFirst && name == "Cookie" && text == "-") { found.pointee.headers.add(name, text) }
          found.pointee.isFirst = false
          return .YES
        }, found)
    }
    return found.headers
  }

  private static func text(_ pointer: UnsafePointer<CChar>?, _ count: Int) -> String {
    guard let pointer, count > 0 else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: pointer, count: count), as: UTF8.self)
  }
}
