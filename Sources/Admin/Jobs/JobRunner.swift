import Base
import Dispatch
import Foundation
import Store
import Synchronization

/// The threads that do jobs in this process: one that looks for them, and one for each job that runs, a few at a time. What they do is in the database;
/// other processes may do the same beside it.
final class JobRunner: Sendable {
  /// How many jobs of a lane run at once.
  private static let places: [JobKind.Lane: Int] = [.short: 2, .long: 1]
  /// Seconds after which it looks all the same: jobs become due, and other processes ask for some.
  private static let longestRest = 5.0
  /// Seconds between two looks, however much is written.
  private static let shortestRest = 0.1

  private struct State {
    var running: [RecordID: JobRun] = [:]
    var isLooking = true
  }

  private let services: Services
  private let state = Mutex(State())
  private let isStopping = Atomic(false)
  private let wake = DispatchSemaphore(value: 0)
  /// Signalled whenever a thread ends.
  private let ended = DispatchSemaphore(value: 0)

  init(_ services: Services) { self.services = services }

  func start() {
    services.store.afterWrite { [weak self] in self?.ring() }
    Thread.start(named: "jobs") { [self] in
      while !isStopping.load(ordering: .acquiring) {
        do { try look() } catch { services.log("jobs", ["problem": "\(error)"]) }
        Thread.sleep(forTimeInterval: Self.shortestRest)
        _ = wake.wait(timeout: .now() + Self.longestRest)
        // Several commits are one look.
        while wake.wait(timeout: .now()) == .success {}
      }
      state.withLock { $0.isLooking = false }
      ended.signal()
    }
  }

  /// Lets running jobs come to the end of their step, for a short time; gives back the others.
  func stop(within seconds: Double) {
    isStopping.store(true, ordering: .releasing)
    ring()
    let deadline = DispatchTime.now() + seconds
    while state.withLock({ $0.isLooking || !$0.running.isEmpty }), ended.wait(timeout: deadline) == .success {}
    let left = state.withLock { $0.running.values.map(\.claim) }
    do {
      if !left.isEmpty { try JobQueue.release(left, now: services.clock.now(), in: services.store) }
    } catch {
      // Their leases run out.
      services.log("jobs", ["problem": "\(error)"])
    }
  }

  private func ring() { wake.signal() }

  private var worker: JobWorker {
    JobWorker(services: services, isStopping: { [weak self] in self?.isStopping.load(ordering: .acquiring) ?? true })
  }

  private func look() throws {
    try JobSchedule.enqueueDue(services.composition.jobs.all, now: services.clock.now(), in: services.store)
    for lane in JobKind.Lane.allCases {
      while hasPlace(lane), !isStopping.load(ordering: .acquiring), let run = try worker.claim(lane) { start(run) }
    }
  }

  private func hasPlace(_ lane: JobKind.Lane) -> Bool {
    state.withLock { $0.running.values.count { $0.claim.kind.lane == lane } } < Self.places[lane, default: 1]
  }

  private func start(_ run: JobRun) {
    state.withLock { $0.running[run.claim.lease] = run }
    Thread.start(named: "job") { [self] in
      do { try worker.perform(run) } catch { services.log("jobs", ["problem": "\(error)"]) }
      state.withLock { _ = $0.running.removeValue(forKey: run.claim.lease) }
      // There is a free place.
      ring()
      ended.signal()
    }
  }
}
