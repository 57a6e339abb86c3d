import Synchronization

/// A cache of what was worked out, by key. When it is full it is emptied, which is rare enough not to matter.
final class Memo<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let known = Mutex<[Key: Value]>([:])
  private let most: Int

  init(atMost most: Int) { self.most = most }

  func value(for key: Key, _ make: () throws -> Value) rethrows -> Value {
    if let value = known.withLock({ $0[key] }) { return value }
    let value = try make()
    known.withLock { known in
      if known.count >= most { known.removeAll() }
      known[key] = value
    }
    return value
  }
}
