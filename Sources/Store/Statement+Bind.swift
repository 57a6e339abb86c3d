package import Base
import CSQLite

/// Binding, with parameters counted from 1 as in SQL. Binding a parameter that the statement doesn't have, or binding
/// between `step()` and `reset()`, is a programming error.
extension Statement {
  /// Binds text.
  package func bind(_ index: Int, _ value: String) {
    // An empty buffer can have no address, which SQLite would take for NULL.
    guard !value.isEmpty else { return check(sqlite3_bind_text(handle, Int32(index), "", 0, Statement.transient)) }
    var value = value
    value.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in
        check(sqlite3_bind_text(handle, Int32(index), text.baseAddress, Int32(text.count), Statement.transient))
      }
    }
  }

  /// Binds an integer.
  package func bind(_ index: Int, _ value: Int) { check(sqlite3_bind_int64(handle, Int32(index), Int64(value))) }

  /// Binds 1 or 0.
  package func bind(_ index: Int, _ value: Bool) { bind(index, value ? 1 : 0) }

  /// Binds a floating-point number.
  package func bind(_ index: Int, _ value: Double) { check(sqlite3_bind_double(handle, Int32(index), value)) }

  /// Binds bytes.
  package func bind(_ index: Int, _ value: [UInt8]) {
    value.withUnsafeBytes { bytes in
      check(
        bytes.isEmpty
          ? sqlite3_bind_zeroblob(handle, Int32(index), 0)
          : sqlite3_bind_blob(handle, Int32(index), bytes.baseAddress, Int32(bytes.count), Statement.transient))
    }
  }

  /// Binds a record's id.
  package func bind(_ index: Int, _ value: RecordID) { bind(index, value.text) }

  /// Binds a timestamp.
  package func bind(_ index: Int, _ value: Timestamp) { bind(index, value.text) }

  /// Binds NULL.
  package func bindNull(_ index: Int) { check(sqlite3_bind_null(handle, Int32(index))) }

  /// Binds any interpolatable value, NULL included.
  package func bind(_ index: Int, _ value: some SQLBindable) {
    switch value.sqlValue {
    case .null: bindNull(index)
    case .integer(let value): check(sqlite3_bind_int64(handle, Int32(index), value))
    case .real(let value): bind(index, value)
    case .text(let value): bind(index, value)
    case .blob(let value): bind(index, value)
    }
  }

  /// Binds all values from parameter 1 on.
  func bind(_ values: [SQLValue]) throws(StoreError) {
    let expected = Int(sqlite3_bind_parameter_count(handle))
    guard values.count == expected else { throw StoreError("\(values.count) values for \(expected) parameters", sql: sql) }
    for (index, value) in values.enumerated() { bind(index + 1, value) }
  }

  /// Makes SQLite copy bound bytes before the call returns: `SQLITE_TRANSIENT`, a cast macro that Swift doesn't import.
  private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  private func check(_ code: Int32) {
    precondition(code == SQLITE_OK, "can't bind: \(String(cString: sqlite3_errstr(code))) in: \(sql)")
  }
}
