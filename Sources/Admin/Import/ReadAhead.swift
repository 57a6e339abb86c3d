import Dispatch

/// Makes the next batch while the last one is being used, so that reading a file and writing the database each have a core.
///
/// `@unchecked Sendable`: `upcoming` is the queue's between `start` and the end of `wait`, and the caller's otherwise.
package final class ReadAhead<Item: Sendable>: @unchecked Sendable {
  private let make: @Sendable () -> [Item]
  private let queue = DispatchQueue(label: "read ahead")
  private let group = DispatchGroup()
  private var upcoming: [Item] = []

  /// `make` gives one batch after the other, and an empty one at the end.
  init(_ make: @escaping @Sendable () -> [Item]) {
    self.make = make
    start()
  }

  /// The next batch; `nil` after the last.
  func next() -> [Item]? {
    group.wait()
    guard !upcoming.isEmpty else { return nil }
    let batch = upcoming
    start()
    return batch
  }

  private func start() {
    queue.async(group: group) { self.upcoming = self.make() }
  }
}
