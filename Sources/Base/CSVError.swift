/// Why a row of a CSV file could not be read, and what to do about it.
package struct CSVError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line on which the row begins, counted from 1; 0 when the file as a whole can't be read.
  package let line: Int
  /// The kind of problem.
  package let reason: Reason

  /// A problem with the row that starts on that line.
  package init(line: Int, reason: Reason) {
    self.line = line
    self.reason = reason
  }

  /// What can be wrong with a row. Fields count from 1.
  package enum Reason: Hashable, Sendable {
    /// A field's opening quote has no closing one.
    case unterminatedQuote(field: Int)
    /// A closing quote is followed by something other than a separator or a line end.
    case textAfterQuote(field: Int)
    /// A NUL byte, usually the sign of a UTF-16 or binary file.
    case nulByte(field: Int)
    /// Bytes that aren't valid UTF-8.
    case invalidUTF8(field: Int)
    /// More than `CSVReader.rowLimit` bytes.
    case rowTooLong
    /// More or fewer fields than the heading has.
    case fieldCount(Int, heading: Int)
    /// The file can't be opened or read; holds the system's message.
    case unreadable(String)
  }

  /// One sentence for the person importing.
  package var description: String { line == 0 ? reason.text : "line \(line): \(reason.text)" }
}

extension CSVError.Reason {
  /// The same without the line number.
  package var text: String {
    switch self {
    case .unterminatedQuote(let field):
      "field \(field) has an opening quote without a closing one; close it, or double the quotes inside the field"
    case .textAfterQuote(let field):
      "text follows the closing quote of field \(field); double the quotes inside the field (\"\")"
    case .nulByte(let field):
      "field \(field) contains a NUL byte; save the file as CSV in UTF-8"
    case .invalidUTF8(let field):
      "field \(field) contains invalid UTF-8; save the file as CSV in UTF-8"
    case .rowTooLong:
      "the row is longer than \(CSVReader.rowLimit >> 20) MiB; look for a missing closing quote"
    case .fieldCount(let count, let heading):
      count == 1 ? "1 field where the heading has \(heading)" : "\(count) fields where the heading has \(heading)"
    case .unreadable(let problem):
      "the file can't be read: \(problem)"
    }
  }
}
