import Synchronization
import Web

/// The open event streams: closed when the server stops, with a periodic heartbeat, so that a vanished peer is noticed.
final class OpenStreams: Sendable {
  private let streams = Mutex<[ObjectIdentifier: EventStream]>([:])
  private let isStopping = Atomic(false)

  func add(_ stream: EventStream) {
    streams.withLock { $0[ObjectIdentifier(stream)] = stream }
    if isStopping.load(ordering: .acquiring) { stream.close() }
  }

  func remove(_ stream: EventStream) { streams.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(stream)) } }

  func endAll() {
    isStopping.store(true, ordering: .releasing)
    for stream in all { stream.close() }
  }

  /// A comment line, as the standard recommends (HTML, "Server-sent events", authoring notes).
  func beat() { for stream in all { stream.send(Array(": here\n\n".utf8)) } }

  private var all: [EventStream] { streams.withLock { Array($0.values) } }
}
