import Base
import Dispatch
import Foundation
import Store

/// Does jobs, on the thread that asks it to.
struct JobWorker: Sendable {
  let services: Services
  var isStopping: @Sendable () -> Bool = { false }
  /// 0 to 1, to spread retries.
  var jitter: @Sendable () -> Double = { Double.random(in: 0...1) }

  func claim(_ lane: JobKind.Lane) throws -> JobRun? {
    let claim = try JobQueue.claim(lane, of: services.composition.jobs, now: services.clock.now(), from: services.store)
    guard let claim else { return nil }
    services.live.jobsChanged()
    return JobRun(claim, services, isStopping: isStopping) { [services] in services.live.jobsChanged() }
  }

  /// Runs a job and stores what came of it. Throws if that can't be stored: then the lease runs out, and the job is run again.
  func perform(_ run: JobRun) throws {
    let ending = ending(of: run)
    try services.store.write(.essential) { db in try JobQueue.end(run.claim, ending, now: run.now, in: db) }
    services.live.jobsChanged()
  }

  private func ending(of run: JobRun) -> JobQueue.Ending {
    do {
      return try LeaseRenewal.whileRenewing(run) { .done(try run.claim.kind.run(run)) }
    } catch let interruption as JobInterruption {
      return interruption == .cancelled ? .cancelled : .released
    } catch {
      let (kind, attempt) = (run.claim.kind, run.attempt)
      services.log("job failed", ["job": run.id.text, "kind": kind.name, "attempt": String(attempt), "problem": "\(error)"])
      let failure = error as? JobFailure
      let isLast = attempt >= kind.retry.attempts || failure?.isFinal == true
      let again = isLast ? nil : run.now.adding(seconds: kind.retry.rest(after: attempt, jitter: jitter()))
      return .failed(failure?.message ?? Message("\(error)"), again: again)
    }
  }

  /// Does all that is due, one after the other, and returns how many jobs that were.
  @discardableResult
  func performDue() throws -> Int {
    try JobSchedule.enqueueDue(services.composition.jobs.all, now: services.clock.now(), in: services.store)
    var count = 0
    for lane in JobKind.Lane.allCases {
      while let run = try claim(lane) {
        try perform(run)
        count += 1
      }
    }
    return count
  }
}

/// Renews the lease of a run during its long steps, on a thread of its own: a handler needn't think of it.
private enum LeaseRenewal {
  /// In seconds.
  private static let interval = JobQueue.lease / 4

  static func whileRenewing<T>(_ run: JobRun, _ body: () throws -> T) throws -> T {
    let isDone = DispatchSemaphore(value: 0)
    Thread.start(named: "lease") {
      while isDone.wait(timeout: .now() + .seconds(interval)) == .timedOut {
        // A lease that can't be renewed now may be at the next try. One that is lost is noticed by the run's next step.
        try? run.services.store.write { db in _ = try JobQueue.renew(run.claim, now: run.now, in: db) }
      }
    }
    defer { isDone.signal() }
    return try body()
  }
}

extension Thread {
  /// A thread for work beside the server's.
  static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.stackSize = 1 << 20
    thread.name = name
    thread.start()
  }
}
