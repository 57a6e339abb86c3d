package import Base
import CSQLite

/// The current row of a running statement, columns counted from 0. It must not leave the closure that it was passed to.
///
/// Values convert by SQLite's rules: NULL reads as "" or 0. Where NULL is meaningful, use `OrNil`.
package struct Row: ~Copyable {
  private let handle: OpaquePointer
  /// Unmanaged because the statement outlives its row anyway, and because with a counted reference in here the optimizer of Swift 6.3
  /// crashes on every closure that borrows a row.
  private let statement: Unmanaged<Statement>

  init(_ statement: Statement) {
    handle = statement.handle
    self.statement = .passUnretained(statement)
  }

  /// The number of columns.
  package var columnCount: Int { Int(sqlite3_column_count(handle)) }

  /// Text; "" for NULL.
  package func text(_ column: Int) -> String { withUTF8(column) { String(decoding: $0, as: UTF8.self) } }

  /// Text, or `nil` for NULL.
  package func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

  /// An integer; 0 for NULL.
  package func int(_ column: Int) -> Int { Int(sqlite3_column_int64(handle, Int32(column))) }

  /// An integer, or `nil` for NULL.
  package func intOrNil(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }

  /// Whether an integer isn't 0.
  package func bool(_ column: Int) -> Bool { sqlite3_column_int64(handle, Int32(column)) != 0 }

  /// A floating-point number; 0 for NULL.
  package func double(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

  /// A copy of the bytes; empty for NULL.
  package func bytes(_ column: Int) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
  }

  /// A record's id. Anything else, NULL included, makes the query throw once the row's closure has returned.
  package func recordID(_ column: Int) -> RecordID {
    if let id = withUTF8(column, RecordID.init(utf8:)) { return id }
    statement.takeUnretainedValue().reportMisread(column: column, wanted: "a record id")
    return RecordID(at: Timestamp(milliseconds: 0), randomA: 0, randomB: 0)
  }

  /// A record's id, or `nil` for NULL.
  package func recordIDOrNil(_ column: Int) -> RecordID? { isNull(column) ? nil : recordID(column) }

  /// A timestamp. Anything else, NULL included, makes the query throw once the row's closure has returned.
  package func timestamp(_ column: Int) -> Timestamp {
    if let moment = withUTF8(column, Timestamp.init(utf8:)) { return moment }
    statement.takeUnretainedValue().reportMisread(column: column, wanted: "a time")
    return Timestamp(milliseconds: 0)
  }

  /// Whether the column is NULL or empty text.
  package func isEmpty(_ column: Int) -> Bool { sqlite3_column_bytes(handle, Int32(column)) == 0 }

  /// Whether the column is NULL.
  package func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

  /// The stored value.
  package func value(_ column: Int) -> SQLValue {
    switch sqlite3_column_type(handle, Int32(column)) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, Int32(column)))
    case SQLITE_FLOAT: .real(double(column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_BLOB: .blob(bytes(column))
    default: .null
    }
  }

  /// The texts of all columns without a copy, as in `withUTF8`.
  package func withTexts<T>(_ body: (UnsafeBufferPointer<UnsafeBufferPointer<UInt8>>) throws -> T) rethrows -> T {
    try withUnsafeTemporaryAllocation(of: UnsafeBufferPointer<UInt8>.self, capacity: columnCount) { texts in
      for column in 0..<texts.count { texts.initializeElement(at: column, to: utf8(column)) }
      return try body(UnsafeBufferPointer(texts))
    }
  }

  private func utf8(_ column: Int) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, Int32(column))
    return UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, Int32(column))))
  }

  /// Text without a copy: the bytes are valid inside `body` only. Empty for NULL.
  package func withUTF8<T>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
    try body(utf8(column))
  }
}
