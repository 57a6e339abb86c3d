import CSQLite

/// Writes that waited together, in one transaction.
///
/// There are no savepoints between them: a job that fails after it has written rolls back the transaction, and the
/// others run again without it. That is rare, and savepoints would cost every job.
struct SharedTransaction {
  private let database: Database
  private let busyWait: BusyWait
  private let reserve: DiskReserve?

  init(_ database: Database, _ busyWait: BusyWait, _ reserve: DiskReserve?) {
    self.database = database
    self.busyWait = busyWait
    self.reserve = reserve
  }

  private enum Attempt {
    /// All but those that threw without having written anything.
    case committed(refused: [(job: WriteJob, error: any Error)])
    /// Another program kept the write lock for too long.
    case busy
    /// One of them failed, and what the others wrote is rolled back too.
    case failed(WriteJob, any Error)
    /// The commit failed; which job caused it is unknown.
    case lost(any Error)
  }

  /// Delivers each job's outcome; `true` if something was committed.
  func run(_ jobs: [WriteJob]) -> Bool {
    var rest = jobs
    if let reserve, reserve.isInUse {
      reserve.restore()
      if reserve.isInUse { fail(&rest, StoreError.full) { $0.kind == .shared } }
    }
    var isTogether = true
    var didCommit = false
    while let first = rest.first {
      let group = isTogether ? rest : [first]
      switch attempt(group) {
      case .committed(let refused):
        for (job, error) in refused { job.settle(.failure(error)) }
        for job in group where job.outcome == nil {
          job.settle(.success(()))
          didCommit = true
        }
        rest.removeFirst(group.count)
      case .busy:
        let now = BusyWait.now
        fail(&rest, StoreError.busy) { $0 === first || $0.deadline <= now }
      case .failed(let job, let error): settle(job, error, &rest)
      case .lost(let error):
        if group.count == 1 { settle(first, error, &rest) } else { isTogether = false }
      }
    }
    return didCommit
  }

  private func attempt(_ jobs: [WriteJob]) -> Attempt {
    do {
      try busyWait.wait(until: jobs[0].deadline) { try database.execute("BEGIN IMMEDIATE") }
    } catch let error as StoreError where error.isBusy {
      return .busy
    } catch {
      return .lost(error)
    }
    // An error can be a consequence of what others wrote before, so it counts only if that is committed.
    var refused: [(job: WriteJob, error: any Error)] = []
    for job in jobs {
      let writes = database.writes
      do {
        try job.run(database)
        guard database.isInTransaction else { return .failed(job, StoreError("the transaction was ended by a statement inside it")) }
      } catch {
        if database.isInTransaction, database.writes == writes {
          refused.append((job, error))
        } else {
          undo()
          return .failed(job, error)
        }
      }
    }
    do {
      try database.execute("COMMIT")
      return .committed(refused: refused)
    } catch {
      undo()
      return .lost(error)
    }
  }

  /// Some errors (a full disk) have already rolled back; then there is nothing to undo.
  private func undo() { if database.isInTransaction { try? database.execute("ROLLBACK") } }

  /// The job has finally failed, unless the disk reserve allows another try.
  private func settle(_ job: WriteJob, _ error: any Error, _ rest: inout [WriteJob]) {
    guard job.kind == .essential, (error as? StoreError)?.isFull == true, reserve?.spend() == true else {
      return fail(&rest, error) { $0 === job }
    }
    fail(&rest, StoreError.full) { $0.kind == .shared }
  }

  private func fail(_ jobs: inout [WriteJob], _ error: any Error, where isMeant: (WriteJob) -> Bool) {
    for job in jobs where isMeant(job) { job.settle(.failure(error)) }
    jobs.removeAll(where: isMeant)
  }
}
