import Glibc
import Web

/// A request and its response while the library works on them.
///
/// `@unchecked Sendable`: only one thread has it at a time. While the connection is suspended that is the worker,
/// otherwise the library's own.
final class Exchange: @unchecked Sendable {
  enum Stage {
    /// The request line has arrived, the headers have not.
    case target
    /// The body is arriving.
    case body(Body)
    /// A worker has it.
    case working
    /// The worker is done.
    case answered(Response)
    /// The library has the response; it reads the body in place.
    case sent(Response.Body)
  }

  enum Body {
    case memory(limit: Int, queue: Plan.WorkerQueue?)
    case file(UploadFile, limit: Int)
    /// Unwanted: the body is discarded, then this is the response.
    case dropped(Response, seen: Int)
  }

  let target: String
  var stage = Stage.target
  var request: Request?
  var bytes: [UInt8] = []
  /// In the seconds of `Deadlines.now`.
  var bodyBegan = 0.0

  init(target: String) { self.target = target }
}

/// A streamed upload. Removed unless it is complete.
final class UploadFile {
  let path: String
  private var descriptor: Int32
  private(set) var size = 0
  private var isFinished = false

  init?(folder: String) {
    var template = Array((folder + "/upload-XXXXXX").utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// `false` if the file can't be written.
  func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var written = 0
    while written < bytes.count {
      let n = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { return false }
      written += n
    }
    size += written
    return true
  }

  func finish() -> TemporaryFile {
    isFinished = true
    close(descriptor)
    return TemporaryFile(path: path, size: size)
  }

  deinit {
    guard !isFinished else { return }
    close(descriptor)
    unlink(path)
  }
}
