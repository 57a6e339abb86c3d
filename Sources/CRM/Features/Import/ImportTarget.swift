import Base
import Store

/// What a file's rows become.
protocol ImportTarget: Sendable {
  associatedtype Prepared: Sendable

  /// Columns without which a file says nothing.
  static var neededColumns: [String] { get }
  /// All columns that are read.
  static var knownColumns: [String] { get }

  /// A row, checked and ready to be written. Runs ahead of the writing, on another thread.
  static func prepare(_ row: ImportRow, now: Timestamp) throws(ImportProblem) -> Prepared

  /// Writes a row, whole or not at all. Throws an `ImportProblem` or the database's own complaint.
  static func write(_ prepared: Prepared, line: Int, now: Timestamp, in db: Database) throws
}

/// A row on its way: ready to be written, or why it can't be.
struct ImportItem<Prepared: Sendable>: Sendable {
  let line: Int
  let result: Result<Prepared, ImportProblem>
}
