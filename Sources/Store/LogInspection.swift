/// Whether a database's log holds transactions that SQLite can't read; to be asked before anything opens the database.
///
/// SQLite reads the log up to the first frame whose checksum is wrong and takes that for its end, without a word: a transaction that was half
/// written when the power failed has to be left out. But where the disk, or somebody, has damaged the log further up, all that follows goes the same
/// way, although it had been answered with "saved"; and closing the database removes the log, and with it what there is to see. What tells the two
/// apart: after the last readable transaction there is at most one that was never confirmed.
struct LogInspection: Equatable {
  enum Verdict: Equatable {
    case sound
    /// Confirmed transactions can't be read.
    case damaged(Damage)
  }

  struct Damage: Equatable {
    /// What happened, as a sentence for the operator.
    let account: String
    /// All of it had been copied into the database file, which is whole without the log and only with it would lose something.
    var isInFile = false
  }

  /// What was seen, to be compared with another look.
  private let header: LogFile.Header?
  private let index: LogIndex?
  let verdict: Verdict

  /// Looks at the log of the database at `path`.
  init(_ path: String) {
    // The index first: while a server goes on writing, what it names is in the log by the time that the log is read.
    let index = LogIndex(path + "-shm")
    let log = LogFile(path + "-wal")
    header = log?.header
    self.index = index
    guard let log, log.size >= LogFile.headerSize else {
      verdict = Self.missing(index, "is missing or empty")
      return
    }
    guard let header = log.header else {
      let known = Self.missing(index, "has a damaged beginning")
      let commits = log.commitsWithoutHeader(pageSize: DatabaseFile(path).pageSize ?? 4_096)
      verdict =
        known != .sound || index != nil || commits == 0
        ? known
        : .damaged(
          Damage(account: "the beginning of its log is damaged: \(commits) transactions in it can’t be read and may be missing"))
      return
    }
    verdict = Self.verdict(log.walk(header), header.salts == index?.salts ? index : nil)
  }

  /// Without a log to read, the index alone says whether one is wanted.
  private static func missing(_ index: LogIndex?, _ what: String) -> Verdict {
    guard let index, index.committed > index.copied else { return .sound }
    return .damaged(
      Damage(account: "its log \(what), and \(index.committed - index.copied) pages of confirmed changes were in it: they are lost"))
  }

  private static func verdict(_ walk: LogFile.Walk, _ index: LogIndex?) -> Verdict {
    let isPublished = (index?.committed ?? 0) > walk.readable
    if let index, isPublished, index.copied >= index.committed {
      return .damaged(
        Damage(
          account: "its log was damaged, but all of it had been copied into the database file before: nothing is missing", isInFile: true))
    }
    // The index says exactly what can be read: what follows was never confirmed.
    if let index, index.committed == walk.readable { return .sound }
    switch (isPublished, walk.unreadableCommits) {
    case (false, 0): return .sound
    case (true, 0):
      let pages = (index?.committed ?? 0) - walk.readable
      return .damaged(Damage(account: "the end of its log is missing, and with it \(pages) pages of confirmed changes: they are lost"))
    case (false, 1):
      return .damaged(
        Damage(
          account:
            "the last transaction in its log can’t be read: either the power failed before it was confirmed, and nothing is missing, "
            + "or the log is damaged and it is lost"))
    case (_, let commits):
      return .damaged(
        Damage(
          account: "its log is damaged: \(commits) confirmed \(commits == 1 ? "transaction" : "transactions") at its end can’t be read and "
            + "\(commits == 1 ? "is" : "are") missing from the database"))
    }
  }

  /// A look that nobody disturbed: somebody may be writing, or start the log over, at that very moment.
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
