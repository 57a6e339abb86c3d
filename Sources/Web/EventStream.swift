import Synchronization

/// A response without a fixed end: producers append to it, the server sends it and suspends the connection in between.
/// It needs no thread.
package final class EventStream: Sendable {
  private struct State {
    var pending: [UInt8] = []
    var isClosed = false
    var isAsleep = false
    var wake: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private let limit: Int
  private let onEnd: @Sendable (EventStream) -> Void

  /// `limit` is the maximum number of pending bytes for a slow reader before it is disconnected. `onEnd` is called
  /// once, when the reader is gone.
  package init(limit: Int = 256 << 10, onEnd: @escaping @Sendable (EventStream) -> Void = { _ in }) {
    self.limit = limit
    self.onEnd = onEnd
  }

  /// Sends bytes; `false` if the reader is gone or too slow: then it is closed.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      let isTooMuch = state.pending.count + bytes.count > limit
      if isTooMuch { state.isClosed = true } else { state.pending += bytes }
      Self.wake(&state)
      return !isTooMuch
    }
  }

  /// Sends what is pending and ends.
  package func close() {
    state.withLock { state in
      state.isClosed = true
      Self.wake(&state)
    }
  }

  /// What the server should do next.
  package enum Step: Sendable {
    case bytes([UInt8])
    /// The connection was suspended and will be resumed.
    case asleep
    case end
  }

  /// For the server: how to resume a suspended connection.
  package func attach(wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

  /// For the server: the next bytes. `sleep` is called if there are none; nothing is appended while it runs.
  package func next(atMost count: Int, sleep: () -> Void) -> Step {
    state.withLock { state in
      if !state.pending.isEmpty {
        let piece = Array(state.pending.prefix(count))
        state.pending.removeFirst(piece.count)
        return .bytes(piece)
      }
      if state.isClosed { return .end }
      state.isAsleep = true
      sleep()
      return .asleep
    }
  }

  /// For the server: the connection is closed.
  package func detach() {
    state.withLock { state in
      state.isClosed = true
      state.wake = nil
      state.pending = []
    }
    onEnd(self)
  }

  private static func wake(_ state: inout State) {
    guard state.isAsleep else { return }
    state.isAsleep = false
    state.wake?()
  }
}
