import Base
import Store

/// Something that is kept for a time only, and is removed by the hourly housekeeping.
package struct Chore: Sendable {
  /// Removes what is due, in short steps; returns how much.
  let run: @Sendable (JobRun) throws -> Int

  package init(run: @escaping @Sendable (JobRun) throws -> Int) { self.run = run }

  /// Rows removed in one transaction.
  private static let rowsAtOnce = 500

  /// Removes the rows of a table whose time (in a column) is so many seconds ago.
  package static func expiring(_ table: String, _ column: String, after seconds: Int) -> Chore {
    Chore { run in
      let latest = run.now.adding(seconds: -seconds)
      var removed = 0
      var hasMore = true
      while hasMore {
        removed += try run.step(.essential) { db in
          let piece = try db.text(
            """
            SELECT \(raw: column) FROM \(raw: table) WHERE \(raw: column) < \(latest) ORDER BY \(raw: column) LIMIT 1 OFFSET \(rowsAtOnce)
            """)
          hasMore = piece != nil
          return try db.run("DELETE FROM \(raw: table) WHERE \(raw: column) <= \(piece ?? latest.text)")
        }
      }
      return removed
    }
  }
}

extension JobKind {
  /// Removes what has been kept long enough.
  static let housekeeping = JobKind("housekeeping", "Housekeeping", schedule: { _ in .every(hours: 1) }, offer: .object([:])) { run in
    var removed = 0
    var failure: (any Error)?
    for chore in run.services.composition.chores {
      do {
        removed += try chore.run(run)
      } catch let interruption as JobInterruption {
        throw interruption
      } catch {
        // One that fails keeps no other from its turn.
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return JobResult(Message("{n} old entry removed", "{n} old entries removed", count: removed), data: .int(removed))
  }
}
