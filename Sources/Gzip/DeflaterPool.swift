import Synchronization

/// Idle compressors, for whoever compresses next.
final class DeflaterPool: Sendable {
  static let shared = DeflaterPool()

  /// Each holds a quarter of a megabyte; more than a few threads rarely compress at once.
  private static let mostIdle = 4
  private let idle = Mutex<[Deflater]>([])

  func take(level: Int) -> Deflater {
    let found = idle.withLock { idle in
      idle.lastIndex { $0.level == level }.map { idle.remove(at: $0) }
    }
    return found ?? Deflater(level: level)
  }

  func giveBack(_ deflater: Deflater) {
    idle.withLock { idle in
      if idle.count == Self.mostIdle { idle.removeFirst() }
      idle.append(deflater)
    }
  }
}
