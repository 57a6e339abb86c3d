import Base
import Synchronization
import Testing
import Web

/// A clock that is moved by hand.
private final class HandClock: Sendable {
  private let moment = Mutex(Timestamp(milliseconds: 1_000_000))

  var clock: Clock { Clock { self.moment.withLock { $0 } } }

  func pass(seconds: Int) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
}

struct ThrottleTests {
  private let time = HandClock()
  private let account = "account:kevin@example.com"
  private let address = "address:192.0.2.7"

  private func throttle(capacity: Int = 10_000) -> Throttle { Throttle(clock: time.clock, capacity: capacity) }

  /// Fails as often as possible without waiting; returns how often that was.
  private func failFreely(_ throttle: Throttle, _ key: String, atMost most: Int = 100) -> Int {
    (0..<most).first { _ in
      if throttle.mayTry(key) != nil { return true }
      throttle.failed(key)
      return false
    } ?? most
  }

  @Test func `five attempts are free for an account, twenty for an address`() {
    let throttle = throttle()
    #expect(failFreely(throttle, account) == 5)
    #expect(failFreely(throttle, address) == 20)
    #expect(throttle.mayTry("account:david@example.com") == nil)
  }

  @Test func `then each failure doubles the wait, up to a quarter of an hour`() {
    let throttle = throttle()
    _ = failFreely(throttle, account)
    var waits: [Int] = []
    for _ in 0..<13 {
      let seconds = throttle.mayTry(account)?.seconds ?? 0
      waits.append(seconds)
      time.pass(seconds: seconds)
      #expect(throttle.mayTry(account) == nil)
      throttle.failed(account)
    }
    #expect(waits.prefix(10) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
    #expect(waits.dropFirst(10).allSatisfy { $0 == 900 })
  }

  @Test func `the wait shrinks as time passes, and asking doesn't lengthen it`() {
    let throttle = throttle()
    _ = failFreely(throttle, account)
    for _ in 0..<3 { throttle.failed(account) }
    #expect(throttle.mayTry(account)?.seconds == 8)
    time.pass(seconds: 3)
    for _ in 0..<50 { #expect(throttle.mayTry(account)?.seconds == 5) }
    time.pass(seconds: 5)
    #expect(throttle.mayTry(account) == nil)
  }

  @Test func `after hours without failures all attempts are free again`() {
    let throttle = throttle()
    for _ in 0..<1_000 { throttle.failed(account) }
    time.pass(seconds: 15 * 60 * 15)
    #expect(failFreely(throttle, account) == 5)
  }

  @Test func `a quarter of an hour restores one attempt`() {
    let throttle = throttle()
    _ = failFreely(throttle, account)
    time.pass(seconds: 15 * 60)
    #expect(failFreely(throttle, account) == 1)
  }

  @Test func `success clears an account, not an address`() {
    let throttle = throttle()
    for key in [account, address] {
      for _ in 0..<25 { throttle.failed(key) }
      throttle.succeeded(key)
    }
    #expect(throttle.mayTry(account) == nil)
    #expect(throttle.mayTry(address) != nil)
  }

  @Test func `pending attempts count, so that concurrency gains nothing`() {
    let throttle = throttle()
    let allowed = (0..<100).filter { _ in throttle.mayTry(account) == nil }.count
    #expect(allowed == 5)
  }

  @Test func `successful attempts cost an address nothing once they are done`() {
    let throttle = throttle()
    for _ in 0..<100 {
      #expect(throttle.mayTry(address) == nil)
      throttle.succeeded(address)
    }
  }

  @Test func `an attempt that never ended expires`() {
    let throttle = throttle()
    while throttle.mayTry(account) == nil {}
    time.pass(seconds: 31)
    #expect(throttle.mayTry(account) == nil)
  }

  @Test func `several keys are allowed together or not at all`() {
    let throttle = throttle()
    for _ in 0..<7 { throttle.failed(account) }
    for _ in 0..<50 { #expect(throttle.mayTry([account, address])?.seconds == 4) }
    #expect(failFreely(throttle, address) == 20)
    #expect(throttle.mayTry([account, address])?.seconds == 4)
  }

  @Test func `waits compare by length`() {
    let throttle = throttle()
    for _ in 0..<6 { throttle.failed("a") }
    for _ in 0..<8 { throttle.failed("b") }
    #expect(["a", "b"].compactMap { throttle.mayTry($0) }.max()?.seconds == 8)
  }

  @Test func `a clock that is set back doesn't extend a wait`() {
    let throttle = throttle()
    for _ in 0..<6 { throttle.failed(account) }
    time.pass(seconds: -86_400)
    #expect(throttle.mayTry(account)?.seconds == 2)
  }

  @Test func `beyond its capacity it drops the least recently used`() {
    let throttle = throttle(capacity: 100)
    for _ in 0..<10 { throttle.failed("old") }
    for number in 0..<1_000 {
      throttle.failed("other \(number)")
      for _ in 0..<6 { throttle.failed("busy") }
    }
    #expect(throttle.mayTry("old") == nil)
    #expect(throttle.mayTry("busy") != nil)
  }

  @Test func `keys of any length are distinguished`() {
    let throttle = throttle()
    let long = String(repeating: "x", count: 1_000_000)
    for _ in 0..<9 { throttle.failed("account:\(long)1") }
    #expect(throttle.mayTry("account:\(long)1") != nil)
    #expect(throttle.mayTry("account:\(long)2") == nil)
  }

  @Test func `other rules can be given`() {
    let throttle = Throttle(clock: time.clock, rules: [Throttle.Rule(prefix: "link:", freeTries: 1, isClearedBySuccess: true)])
    #expect(failFreely(throttle, "link:a") == 1)
    #expect(failFreely(throttle, "else") == 5)
  }

  @Test func `a rule can have waits of its own`() {
    let throttle = Throttle(clock: time.clock, rules: [.init(prefix: "address:", freeTries: 3, longestWait: 5, isClearedBySuccess: false)])
    for _ in 0..<20 { throttle.failed(address) }
    #expect(throttle.mayTry(address)?.seconds == 5)
    time.pass(seconds: 5)
    #expect(throttle.mayTry(address) == nil)
  }

  @Test func `it is thread-safe`() async {
    let throttle = throttle()
    let allowed = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<200 { group.addTask { [account] in throttle.mayTry(account) == nil } }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(allowed == 5)
  }
}
