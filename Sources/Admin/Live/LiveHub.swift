import Base
import Dispatch
import Foundation
import Store
import Synchronization
import Web

/// Sends changes to open pages. The audit log has them in order; each page has a position in it and gets what follows. So nothing
/// is lost between a page's rendering and its listening, nor while a connection is broken. One thread for all.
final class LiveHub: Sendable {
  /// An open page.
  final class Listener: Sendable {
    let session: RecordID
    /// What its reach was made from.
    let grants: Grants
    let stream: EventStream
    /// Those that came later have greater ones.
    let number: Int
    /// The last entry that was sent, or skipped for lack of access. Only the hub's thread changes it.
    let place: Atomic<Int>
    let reach: RecordReach
    /// Whether it may show jobs.
    let seesJobs: Bool

    init(session: RecordID, grants: Grants, stream: EventStream, place: Int, reach: RecordReach, seesJobs: Bool) {
      self.session = session
      self.grants = grants
      self.stream = stream
      number = Self.counter.add(1, ordering: .relaxed).newValue
      self.place = Atomic(place)
      self.reach = reach
      self.seesJobs = seesJobs
    }

    private static let counter = Atomic(0)
  }

  private struct State {
    var listeners: [ObjectIdentifier: Listener] = [:]
    var isRunning = false
  }

  private let store: Store
  private let records: RecordTypes
  private let settings: SettingsCache
  private let clock: Clock
  private let state = Mutex(State())
  private let newest: Atomic<Int>
  private let hasNewsOfJobs = Atomic(false)
  private let signal: Signal

  init(store: Store, records: RecordTypes, settings: SettingsCache, clock: Clock) throws {
    self.store = store
    self.records = records
    (self.settings, self.clock) = (settings, clock)
    newest = Atomic(try store.read { db in try LiveEvent.latest(in: db) })
    signal = Signal()
    store.afterWrite { [weak self] in self?.somethingHappened() }
  }

  /// The number of the newest entry that was committed.
  var latest: Int { newest.load(ordering: .acquiring) }

  /// How many pages listen.
  var count: Int { state.withLock { $0.listeners.count } }

  /// Adds a page, which first gets what it missed.
  func add(_ listener: Listener) {
    let (starts, surplus) = state.withLock { state -> (Bool, Listener?) in
      let others = state.listeners.values.filter { $0.session == listener.session }
      state.listeners[ObjectIdentifier(listener.stream)] = listener
      defer { state.isRunning = true }
      let surplus = others.count >= Self.mostOfOne ? others.min { $0.number < $1.number } : nil
      if let surplus { state.listeners[ObjectIdentifier(surplus.stream)] = nil }
      return (!state.isRunning, surplus)
    }
    surplus?.stream.close()
    if starts { signal.answer { [weak self] in self?.broadcast() } }
    signal.ring()
  }

  func remove(_ stream: EventStream) { state.withLock { _ = $0.listeners.removeValue(forKey: ObjectIdentifier(stream)) } }

  /// Sessions have ended: their streams end now, not at the next change.
  func sessionsChanged() { signal.ring() }

  /// Jobs have begun, come further or ended: not in the audit log, and a page that shows them looks at all of them anyway.
  func jobsChanged() {
    hasNewsOfJobs.store(true, ordering: .releasing)
    signal.ring()
  }

  /// After each committed write, on the thread that wrote.
  private func somethingHappened() {
    guard let latest = try? store.read({ db in try LiveEvent.latest(in: db) }) else { return }
    // Two may come here in the other order.
    while true {
      let known = newest.load(ordering: .acquiring)
      guard latest > known else { return }
      if newest.compareExchange(expected: known, desired: latest, ordering: .acquiringAndReleasing).exchanged { break }
    }
    signal.ring()
  }

  /// Streams of one session: as many windows as anybody can look at.
  private static let mostOfOne = 24
  /// A page that missed more than that has to reload.
  private static let mostMissed = 500

  /// Seconds without a change after which the sessions are looked at all the same: another process may have ended one.
  private static let longestRest = 20.0

  /// Ends the pages whose sessions have ended and brings the others up to date, in this order: no events are sent after a session has ended. Gives how
  /// many seconds there are to rest if nothing happens; `nil` would end the thread.
  private func broadcast() -> Double? {
    do {
      let next = try checkSessions()
      try tellEach()
      if hasNewsOfJobs.exchange(false, ordering: .acquiringAndReleasing) {
        for listener in state.withLock({ $0.listeners.values.filter(\.seesJobs) }) {
          listener.stream.send(Array("event: jobs\ndata: {}\n\n".utf8))
        }
      }
      let rest = next.map { Double($0.milliseconds - clock.now().milliseconds) / 1000 } ?? Self.longestRest
      return min(Self.longestRest, max(0.05, rest))
    } catch {
      // The database is closing or timed out: pages are updated at the next signal.
      return Self.longestRest
    }
  }

  private func tellEach() throws {
    let listeners = state.withLock { Array($0.listeners.values) }
    let latest = self.latest
    let behind = listeners.filter { $0.place.load(ordering: .relaxed) < latest }
    guard let first = behind.map({ $0.place.load(ordering: .relaxed) }).min() else { return }
    try store.read { db in
      let start = max(first, latest - Self.mostMissed)
      let events = try LiveEvent.after(start, limit: Self.mostMissed, in: db).map { (event: $0, bytes: $0.bytes(records)) }
      for listener in behind { try tell(listener, events, from: start, latest, in: db) }
    }
  }

  private func tell(
    _ listener: Listener, _ events: [(event: LiveEvent, bytes: [UInt8])], from start: Int, _ latest: Int, in db: Database
  ) throws {
    let place = listener.place.load(ordering: .relaxed)
    var message: [UInt8] = place < start ? Array("id: \(start)\nevent: reload\ndata: {}\n\n".utf8) : []
    var last = max(place, start)
    for (event, bytes) in events where event.seq > place {
      if try isVisible(event, to: listener, in: db) { message += bytes }
      last = event.seq
    }
    listener.place.store(max(last, place), ordering: .relaxed)
    if !message.isEmpty { listener.stream.send(message) }
  }

  private func isVisible(_ event: LiveEvent, to listener: Listener, in db: Database) throws -> Bool {
    let scope = listener.reach.scope(of: event.recordType)
    if scope == .all { return true }
    guard scope != .nothing, let id = RecordID(event.recordID), let kind = records[event.recordType] else { return false }
    return try kind.header(id, scope, db) != nil
  }

  /// Ends the streams whose sessions have ended or whose people may see something else by now; the browser then asks again, as who it is. Gives when
  /// the first of the others expires.
  @discardableResult
  func checkSessions() throws -> Timestamp? {
    let listeners = state.withLock { Array($0.listeners.values) }
    guard !listeners.isEmpty else { return nil }
    let now = clock.now()
    let sessions = Set(listeners.map(\.session))
    let standings = try store.read { db in
      let settings = try settings.current(in: db)
      return try sessions.reduce(into: [RecordID: SessionStore.Standing]()) {
        $0[$1] = try SessionStore.standing(of: $1, settings: settings, now: now, in: db)
      }
    }
    let gone = listeners.filter { standings[$0.session]?.grants != $0.grants }
    state.withLock { state in for listener in gone { state.listeners[ObjectIdentifier(listener.stream)] = nil } }
    for listener in gone { listener.stream.close() }
    return standings.values.map(\.until).min()
  }
}

/// Wakes one thread. Rings while it works are one more round, however many.
private final class Signal: Sendable {
  private let signal = DispatchSemaphore(value: 0)

  func ring() { signal.signal() }

  /// Does the work at each ring, and after so many seconds of rest as the work says, on a thread of its own, until it says none.
  func answer(_ work: @escaping @Sendable () -> Double?) {
    let signal = self.signal
    let thread = Thread {
      var rest: Double? = 0
      while let seconds = rest {
        _ = signal.wait(timeout: .now() + seconds)
        while signal.wait(timeout: .now()) == .success {}
        rest = work()
      }
    }
    thread.stackSize = 1 << 20
    thread.name = "live"
    thread.start()
  }
}
