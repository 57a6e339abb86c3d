package import Base
package import Store

/// A kind of work that is done in the background, declared by the feature that brings it.
package struct JobKind: Sendable {
  /// Which threads do it. Long jobs have one of their own, so that a backup never keeps a delivery waiting.
  package enum Lane: String, Sendable, CaseIterable {
    case short, long
  }

  /// What is done first among jobs that are due.
  package enum Priority: Int, Sendable, CaseIterable {
    case low, normal
    /// Somebody waits for it.
    case high
  }

  /// Stored with each job, so it stays what it is.
  package let name: String
  /// As the page of jobs names it.
  let label: String
  let lane: Lane
  let retry: RetryPolicy
  /// When the queue itself asks for such a job; `nil` for never.
  let schedule: @Sendable (Database) throws -> JobSchedule?
  /// The arguments of a job that people ask for, where they can ask for one at any time.
  let offer: JSON?
  /// Does the work, off the server's threads. It can be run again after any of its steps (see `JobRun`), so it leaves nothing outside of them that
  /// can't be done twice.
  let run: @Sendable (JobRun) throws -> JobResult

  package init(
    _ name: String, _ label: String, lane: Lane = .short, retry: RetryPolicy = RetryPolicy(),
    schedule: @escaping @Sendable (Database) throws -> JobSchedule? = { _ in nil }, offer: JSON? = nil,
    run: @escaping @Sendable (JobRun) throws -> JobResult
  ) {
    self.name = name
    self.label = label
    self.lane = lane
    self.retry = retry
    self.schedule = schedule
    self.offer = offer
    self.run = run
  }
}

/// How often a job is tried, and how long it rests in between.
package struct RetryPolicy: Sendable {
  /// How often it is tried in all.
  let attempts: Int
  /// The first rest, in seconds; each one is twice the last.
  let first: Int
  /// No rest is longer, in seconds.
  let longest: Int

  package init(attempts: Int = 5, first: Int = 30, longest: Int = 6 * 3600) {
    self.attempts = attempts
    self.first = first
    self.longest = longest
  }

  /// The rest after so many failed attempts, in seconds. `jitter`, 0 to 1, spreads those that failed together over its second half.
  func rest(after attempt: Int, jitter: Double) -> Int {
    let rest = min(Double(longest), Double(first) * Double(1 << min(max(attempt - 1, 0), 40)))
    return Int(rest * (0.5 + jitter / 2))
  }
}
