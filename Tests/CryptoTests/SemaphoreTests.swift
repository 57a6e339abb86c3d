import Synchronization
import Testing

@testable import Crypto

/// How many are inside, and were at most.
private final class Visitors: Sendable {
  private let counts = Mutex((inside: 0, most: 0, all: 0))

  func come() {
    counts.withLock {
      $0.inside += 1
      $0.all += 1
      $0.most = max($0.most, $0.inside)
    }
  }

  func go() { counts.withLock { $0.inside -= 1 } }

  var most: Int { counts.withLock { $0.most } }
  var all: Int { counts.withLock { $0.all } }
}

struct TurnstileTests {
  @Test func `no more pass at once than there are places, and all pass in the end`() async {
    let semaphore = Semaphore(places: 2)
    let visitors = Visitors()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          semaphore.pass {
            visitors.come()
            for _ in 0..<1_000 { _ = SecureRandom.bytes(16) }
            visitors.go()
          }
        }
      }
    }
    #expect(visitors.most <= 2)
    #expect(visitors.all == 50)
  }

  @Test func `who throws inside leaves all the same`() {
    struct Stumble: Error {}
    let semaphore = Semaphore(places: 1)
    for _ in 0..<3 {
      #expect(throws: Stumble.self) { try semaphore.pass { throw Stumble() } }
    }
    #expect(semaphore.pass { 7 } == 7)
  }
}
