import Glibc

/// The compressors of a thread, created on demand and freed when it ends: threads share nothing, so none waits for
/// another.
final class ThreadCompressors {
  /// By level; few are used.
  private var deflaters: [(level: Int, deflater: Deflater)] = []
  private(set) lazy var zstd = ZstdCompressor()

  func deflater(level: Int) -> Deflater {
    if let found = deflaters.first(where: { $0.level == level }) { return found.deflater }
    let deflater = Deflater(level: level)
    deflaters.append((level, deflater))
    return deflater
  }

  static var current: ThreadCompressors {
    if let pointer = pthread_getspecific(key) { return Unmanaged<ThreadCompressors>.fromOpaque(pointer).takeUnretainedValue() }
    let made = ThreadCompressors()
    pthread_setspecific(key, Unmanaged.passRetained(made).toOpaque())
    return made
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key) { pointer in
      if let pointer { Unmanaged<ThreadCompressors>.fromOpaque(pointer).release() }
    }
    precondition(status == 0, "can’t create a thread-specific key")
    return key
  }()
}
