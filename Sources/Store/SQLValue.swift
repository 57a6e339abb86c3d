package import Base

/// A value as SQLite stores it.
package enum SQLValue: Hashable, Sendable {
  /// NULL.
  case null
  /// A 64-bit integer.
  case integer(Int64)
  /// A floating-point number.
  case real(Double)
  /// UTF-8 text.
  case text(String)
  /// Bytes.
  case blob([UInt8])
}

/// A type that can be interpolated into a statement, and is bound there.
package protocol SQLBindable {
  /// The value that is bound.
  var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable {
  /// Itself.
  package var sqlValue: SQLValue { self }
}

extension String: SQLBindable {
  /// Text.
  package var sqlValue: SQLValue { .text(self) }
}

extension Int: SQLBindable {
  /// An integer.
  package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLBindable {
  /// An integer.
  package var sqlValue: SQLValue { .integer(self) }
}

extension Bool: SQLBindable {
  /// 1 or 0.
  package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension Double: SQLBindable {
  /// A floating-point number; SQLite keeps a NaN as NULL.
  package var sqlValue: SQLValue { .real(self) }
}

extension [UInt8]: SQLBindable {
  /// Bytes.
  package var sqlValue: SQLValue { .blob(self) }
}

extension RecordID: SQLBindable {
  /// Its 36 characters.
  package var sqlValue: SQLValue { .text(text) }
}

extension Timestamp: SQLBindable {
  /// Its 24 characters.
  package var sqlValue: SQLValue { .text(text) }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
  /// NULL, or the wrapped value.
  package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
