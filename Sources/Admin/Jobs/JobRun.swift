package import Base
package import Store
import Synchronization

/// What the handler of a job works with. Its work is a number of steps, each a short transaction that confirms the lease first: of a job that has been
/// taken over, nothing more is written. What a step leaves in `state` is stored with its work, so a later run goes on from there, and each step happens
/// once even if the process is killed in between.
package final class JobRun: Sendable {
  let claim: JobQueue.Claim
  package let services: Services
  private let isStopping: @Sendable () -> Bool
  /// After each change that the page of jobs shows.
  private let changed: @Sendable () -> Void

  private struct Looks {
    var reported: Timestamp?
    var checked: Timestamp?
    /// Why the run is to end, once that is known.
    var interruption: JobInterruption?
  }

  private let looks = Mutex(Looks())

  init(
    _ claim: JobQueue.Claim, _ services: Services, isStopping: @escaping @Sendable () -> Bool, changed: @escaping @Sendable () -> Void
  ) {
    self.claim = claim
    self.services = services
    self.isStopping = isStopping
    self.changed = changed
  }

  /// The same in each run of a job: a name for what it makes outside of the database.
  package var id: RecordID { claim.id }
  package var arguments: JSON { claim.arguments }
  /// What the steps of an earlier run have stored; `.null` at first.
  package var state: JSON { claim.state }
  /// 1 for the first.
  package var attempt: Int { claim.attempt }
  package var now: Timestamp { services.clock.now() }

  /// One step: a short transaction, while the job is still this run's.
  @discardableResult
  package func step<T>(_ need: Store.Need = .ordinary, _ body: (Database) throws -> T) throws -> T {
    try services.store.write(need) { db in
      try confirm(in: db)
      return try body(db)
    }
  }

  private func confirm(in db: Database) throws {
    if isStopping() { throw JobInterruption.stopping }
    if try JobQueue.renew(claim, now: now, in: db) { throw JobInterruption.cancelled }
  }

  /// Stores, in a step, where the work has come to.
  package func keep(_ state: JSON, in db: Database) throws {
    try db.run("UPDATE jobs SET state = \(state.text) WHERE id = \(id)")
  }

  /// Many steps, as many per transaction as nobody waits for (`Store.writeInSteps`): until `body` returns `false`.
  package func steps(_ body: (Database) throws -> Bool) throws {
    try services.store.writeInSteps { db in
      try confirm(in: db)
      return try body(db)
    }
  }

  /// Tells how far the work has come, as often as the handler likes: it is stored once a second. Throws like `check`.
  package func report(_ done: Int, of total: Int, _ text: Message? = nil) throws {
    guard isDue(\.reported) else { return }
    try step { db in
      _ = try db.run("UPDATE jobs SET steps_done = \(done), steps_total = \(total), progress = \(text?.json.text) WHERE id = \(id)")
    }
    changed()
  }

  /// Throws if the run is to end: for work between steps that writes nothing. Looks once a second.
  package func check() throws {
    if isStopping() { throw JobInterruption.stopping }
    if let interruption = looks.withLock({ $0.interruption }) { throw interruption }
    guard isDue(\.checked) else { return }
    let isCancelled = try services.store.read { db in
      try db.value("SELECT cancel_requested_at IS NOT NULL FROM jobs WHERE id = \(id) AND leased_by = \(claim.lease)")
    }
    guard let interruption = isCancelled == nil ? JobInterruption.lost : isCancelled == 1 ? .cancelled : nil else { return }
    looks.withLock { $0.interruption = interruption }
    throw interruption
  }

  private func isDue(_ look: WritableKeyPath<Looks, Timestamp?>) -> Bool {
    let now = now
    return looks.withLock { looks in
      if let last = looks[keyPath: look], now < last.adding(seconds: 1) { return false }
      looks[keyPath: look] = now
      return true
    }
  }
}
