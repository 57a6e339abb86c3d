import Synchronization
import Testing

@testable import Crypto

/// How many are inside, and the maximum.
private final class Counter: Sendable {
  private let counts = Mutex((inside: 0, most: 0, all: 0))

  func enter() {
    counts.withLock {
      $0.inside += 1
      $0.all += 1
      $0.most = max($0.most, $0.inside)
    }
  }

  func leave() { counts.withLock { $0.inside -= 1 } }

  var most: Int { counts.withLock { $0.most } }
  var all: Int { counts.withLock { $0.all } }
}

struct SemaphoreTests {
  @Test func `concurrency is limited, and all pass in the end`() async {
    let semaphore = Semaphore(places: 2)
    let counter = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          semaphore.pass {
            counter.enter()
            for _ in 0..<1_000 { _ = SecureRandom.bytes(16) }
            counter.leave()
          }
        }
      }
    }
    #expect(counter.most <= 2)
    #expect(counter.all == 50)
  }

  @Test func `throwing inside releases the semaphore`() {
    struct Stumble: Error {}
    let semaphore = Semaphore(places: 1)
    for _ in 0..<3 {
      #expect(throws: Stumble.self) { try semaphore.pass { throw Stumble() } }
    }
    #expect(semaphore.pass { 7 } == 7)
  }
}
