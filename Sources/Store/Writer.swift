import Dispatch

#if canImport(Glibc)
  import Glibc
#endif

/// The one connection that writes, with a queue of jobs in order of arrival.
///
/// The first caller to find it free leads: it runs its own job and all waiting ones in one transaction, which costs one
/// disk sync, and hands the lead to the first of those that arrived since. A job is finished when it is on disk.
///
/// Sendable because `waiting`, `isLed`, `leader` and `isClosed` are accessed only with `lock` held, and `database` only
/// by the leader.
final class Writer: @unchecked Sendable {
  /// The maximum number of jobs in a transaction.
  private static let mostTogether = 32

  private let lock = Lock()
  private var waiting: [WriteJob] = []
  /// Whether a caller leads, or has been woken to lead.
  private var isLed = false
  private var leader: pthread_t?
  private var isClosed = false
  private var database: Database?
  let busyWait: BusyWait
  private let reserve: DiskReserve?
  /// Called for each commit, before the callers return.
  private let onCommit: @Sendable () -> Void

  init(_ database: Database, busyWait: BusyWait, reserve: DiskReserve?, onCommit: @escaping @Sendable () -> Void) {
    self.database = database
    self.busyWait = busyWait
    self.reserve = reserve
    self.onCommit = onCommit
    busyWait.install(on: database.handle)
  }

  /// Runs `body` inside a transaction and returns when that is on disk. Throws what `body` throws, or a busy
  /// `StoreError` if its turn did not come within that many seconds; then nothing is written.
  func write<T>(_ kind: WriteJob.Kind, within seconds: Double, _ body: (Database) throws -> T) throws -> T {
    var result: T?
    try withoutActuallyEscaping(body) { body in
      try perform(WriteJob(kind, within: seconds) { database in result = try body(database) })
    }
    guard let result else { throw StoreError.closed }
    return result
  }

  /// Whether another thread of this program waits to write.
  var isWanted: Bool { waitingCount > 0 }

  /// Whether nobody is writing.
  var isIdle: Bool {
    lock.lock()
    defer { lock.unlock() }
    return !isLed
  }

  var waitingCount: Int {
    lock.lock()
    defer { lock.unlock() }
    return waiting.count
  }

  /// Closes the connection after a last `body`; queued jobs are refused.
  func close(_ body: (Database) -> Void) {
    try? write(.alone, within: .infinity) { database in
      body(database)
      lock.lock()
      isClosed = true
      lock.unlock()
      self.database = nil
    }
  }

  // MARK: Turns

  private func perform(_ job: WriteJob) throws {
    lock.lock()
    precondition(leader.map { pthread_equal($0, pthread_self()) == 0 } ?? true, "write called inside write: pass the Database on instead")
    if isClosed {
      lock.unlock()
      throw StoreError.closed
    }
    waiting.append(job)
    let isFirst = !isLed
    isLed = true
    lock.unlock()
    if !isFirst {
      try wait(for: job)
      if !job.leads { return try result(of: job) }
    }
    lead(with: job)
    return try result(of: job)
  }

  private func result(of job: WriteJob) throws {
    guard let outcome = job.outcome else { throw StoreError.closed }
    try outcome.get()
  }

  /// Waits until the job is done, or leads. Throws if its deadline passes before anybody has started it.
  private func wait(for job: WriteJob) throws {
    let left = job.deadline - BusyWait.now
    let timeout = left < 1e6 ? DispatchTime.now() + .milliseconds(max(1, Int(left * 1_000))) : .distantFuture
    if job.signal.wait(timeout: timeout) == .success { return }
    lock.lock()
    if !job.leads, let place = waiting.firstIndex(where: { $0 === job }) {
      waiting.remove(at: place)
      lock.unlock()
      job.settle(.failure(StoreError.busy))
      throw StoreError.busy
    }
    lock.unlock()
    // It is this job's turn to lead, or a leader is running it.
    job.signal.wait()
  }

  /// Runs the queued jobs, this thread's own among them, and hands the lead on.
  private func lead(with own: WriteJob) {
    lock.lock()
    leader = pthread_self()
    let jobs = takeJobs()
    lock.unlock()
    let didCommit = run(jobs)
    lock.lock()
    leader = nil
    let next = waiting.first
    next?.leads = true
    isLed = next != nil
    lock.unlock()
    next?.signal.signal()
    if didCommit { onCommit() }
    for job in jobs where job !== own { job.signal.signal() }
  }

  /// With the lock held: one job that runs alone, or several that share a transaction.
  private func takeJobs() -> [WriteJob] {
    let count = waiting.first?.kind == .alone ? 1 : waiting.prefix(Self.mostTogether).prefix { $0.kind != .alone }.count
    defer { waiting.removeFirst(count) }
    return Array(waiting.prefix(count))
  }

  /// Delivers each job's outcome; `true` if something was committed.
  private func run(_ jobs: [WriteJob]) -> Bool {
    guard let database else {
      for job in jobs { job.settle(.failure(StoreError.closed)) }
      return false
    }
    if let job = jobs.first, job.kind == .alone {
      job.settle(Result { try busyWait.wait(until: job.deadline) { try job.run(database) } })
      return false
    }
    return SharedTransaction(database, busyWait, reserve).run(jobs)
  }
}
