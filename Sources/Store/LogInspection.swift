/// Whether a database's log holds transactions that SQLite can't read; has to be called before anything opens the
/// database.
///
/// SQLite reads the log up to the first frame with a wrong checksum and silently treats that as its end: a transaction
/// half written at a power failure has to be dropped. But if the disk or a person has damaged the log further up,
/// everything after the damage is dropped too, although it was confirmed as saved; and closing the database deletes the
/// log, and with it the evidence. The difference between the two cases: after the last readable transaction there is at
/// most one that was never confirmed.
struct LogInspection: Equatable {
  enum Verdict: Equatable {
    case sound
    /// Confirmed transactions can't be read.
    case damaged(Damage)
  }

  struct Damage: Equatable {
    /// What happened, as a sentence for the operator.
    let account: String
    /// All of it had been checkpointed: the file is complete without the log, and would lose something only with it.
    var isInFile = false
  }

  /// The findings, comparable with those of another inspection.
  private let header: LogFile.Header?
  private let index: LogIndex?
  let verdict: Verdict

  /// Inspects the log of the database at `path`.
  init(_ path: String) {
    // The index first: if a server keeps writing, the frames that the index names are in the log by the time the log is
    // read.
    let index = LogIndex(path + "-shm")
    let log = LogFile(path + "-wal")
    header = log?.header
    self.index = index
    guard let log, log.size >= LogFile.headerSize else {
      verdict = Self.missing(index, "is missing or empty")
      return
    }
    guard let header = log.header else {
      let known = Self.missing(index, "has a damaged header")
      let commits = log.commitsWithoutHeader(pageSize: DatabaseFile(path).pageSize ?? 4_096)
      verdict =
        known != .sound || index != nil || commits == 0
        ? known
        : .damaged(
          Damage(account: "the header of its log is damaged: \(commits) transactions in it can’t be read and may be missing"))
      return
    }
    verdict = Self.verdict(log.walk(header), header.salts == index?.salts ? index : nil)
  }

  /// Without a readable log, the index alone says whether one is needed.
  private static func missing(_ index: LogIndex?, _ what: String) -> Verdict {
    guard let index, index.committed > index.copied else { return .sound }
    return .damaged(
      Damage(account: "its log \(what), and \(index.committed - index.copied) pages of confirmed changes in it are lost"))
  }

  private static func verdict(_ walk: LogFile.Walk, _ index: LogIndex?) -> Verdict {
    let isPublished = (index?.committed ?? 0) > walk.readable
    if let index, isPublished, index.copied >= index.committed {
      return .damaged(
        Damage(
          account: "its log was damaged, but had already been copied into the database file: nothing is missing", isInFile: true))
    }
    // The index matches what can be read: anything after that was never confirmed.
    if let index, index.committed == walk.readable { return .sound }
    switch (isPublished, walk.unreadableCommits) {
    case (false, 0): return .sound
    case (true, 0):
      let pages = (index?.committed ?? 0) - walk.readable
      return .damaged(Damage(account: "the end of its log is missing: \(pages) pages of confirmed changes are lost"))
    case (false, 1):
      return .damaged(
        Damage(
          account:
            "the last transaction in its log can’t be read: either the power failed before it was confirmed and nothing is missing, "
            + "or the log is damaged and it is lost"))
    case (_, let commits):
      return .damaged(
        Damage(
          account: "its log is damaged: \(commits) confirmed \(commits == 1 ? "transaction" : "transactions") at its end can’t be read and "
            + "\(commits == 1 ? "is" : "are") missing from the database"))
    }
  }

  /// A consistent inspection: another program could be writing, or restarting the log, at this moment.
  static func settled(_ path: String) -> LogInspection {
    var last = LogInspection(path)
    for _ in 0..<5 where last.verdict != .sound {
      let again = LogInspection(path)
      if again == last { return again }
      last = again
    }
    return last
  }
}
