import CZip
import Glibc

/// A new ZIP file (libzip). Files on disk are read when it is closed, so that their size doesn't matter. What isn't closed is never written.
package struct ZipFile: ~Copyable {
  private let zip: OpaquePointer

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Nothing may be at this path yet.
  package init(creating path: String) throws(Failure) {
    var code: Int32 = 0
    guard let zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code) else { throw Failure(description: "\(path): libzip error \(code)") }
    self.zip = zip
  }

  deinit { zip_discard(zip) }

  package func add(_ name: String, _ bytes: [UInt8]) throws(Failure) {
    // The library frees what it was given, so it gets a copy of its own.
    guard let copy = malloc(max(bytes.count, 1)) else { throw Failure(description: "out of memory") }
    bytes.withUnsafeBytes { if let start = $0.baseAddress { copy.copyMemory(from: start, byteCount: $0.count) } }
    guard let source = zip_source_buffer(zip, copy, zip_uint64_t(bytes.count), 1) else {
      free(copy)
      throw failure
    }
    try add(name, source)
  }

  package func add(_ name: String, file path: String) throws(Failure) {
    guard let source = zip_source_file(zip, path, 0, -1) else { throw failure }
    try add(name, source)
  }

  private func add(_ name: String, _ source: OpaquePointer) throws(Failure) {
    guard zip_file_add(zip, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8)) >= 0 else {
      zip_source_free(source)
      throw failure
    }
  }

  /// Writes the file.
  package consuming func close() throws(Failure) {
    guard zip_close(zip) == 0 else {
      let failure = failure
      zip_discard(zip)
      discard self
      throw failure
    }
    discard self
  }

  private var failure: Failure { Failure(description: zip_strerror(zip).map { String(cString: $0) } ?? "libzip failed") }
}
