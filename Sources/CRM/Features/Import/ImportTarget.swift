import Base
import Store

/// What a file's rows become.
protocol ImportTarget: Sendable {
  associatedtype Prepared: Sendable
  associatedtype Writer: RowWriter where Writer.Prepared == Prepared

  /// Columns without which a file says nothing.
  static var neededColumns: [String] { get }
  /// All columns that are read.
  static var knownColumns: [String] { get }

  /// A row, checked and ready to be written. Runs ahead of the writing, on another thread.
  static func prepare(_ row: ImportRow, now: Timestamp) throws(ImportProblem) -> Prepared

  /// Whether about so many rows come in sooner by `load`, given what the database has.
  static func favoursLoading(_ rows: Int, in db: Database) throws -> Bool

  /// Brings all rows in at once, in one transaction, while nobody else has the database open.
  static func load(_ run: ImportRun<Prepared>, now: Timestamp, in db: Database) throws
}

/// Writes rows with statements that are compiled once; lives as long as the piece of work that made it.
protocol RowWriter {
  associatedtype Prepared: Sendable

  init(_ db: Database, now: Timestamp) throws

  /// Writes a row, whole or not at all. Throws an `ImportProblem` or the database's own complaint.
  func write(_ prepared: Prepared, line: Int) throws
}

extension ImportTarget {
  /// To rebuild a table's indexes costs about a quarter as much for each row as to have them grow.
  static func favoursLoading(_ rows: Int, beside present: Int?) -> Bool { rows >= (present ?? 0) / 4 }
}
