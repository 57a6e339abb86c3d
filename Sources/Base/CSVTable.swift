/// A CSV file as a table: a heading, and rows that have a field for each of its columns. What separates its fields and how its bytes become text is
/// settled once, by looking at all of it.
package struct CSVTable {
  /// The first row, without the empty fields at its end that spreadsheets leave.
  package let heading: [String]
  /// About how many rows there are: lines, of which a row may take several.
  package let lines: Int
  /// How its bytes became text.
  package let encoding: TextEncoding
  private var reader: CSVReader

  /// Throws a `CSVError` when the file can't be read. `encoding` is for those who know better.
  package init(path: String, encoding: TextEncoding? = nil) throws(CSVError) {
    let survey = try Self.survey(path)
    self.encoding = encoding ?? survey.encoding
    reader = try CSVReader(path: path, encoding: self.encoding, delimiter: nil)
    lines = survey.lines
    heading = try Self.heading(&reader)
  }

  /// The same of bytes in memory.
  package init(bytes: [UInt8], encoding: TextEncoding? = nil) throws(CSVError) {
    var survey = TextSurvey()
    bytes.withUnsafeBufferPointer { survey.look(at: $0) }
    self.encoding = encoding ?? survey.encoding
    reader = CSVReader(bytes: bytes, encoding: self.encoding, delimiter: nil)
    lines = survey.lines
    heading = try Self.heading(&reader)
  }

  private static func heading(_ reader: inout CSVReader) throws(CSVError) -> [String] {
    var heading = try reader.next()?.fields ?? []
    while heading.last?.allSatisfy(\.isWhitespace) == true { heading.removeLast() }
    return heading
  }

  private static func survey(_ path: String) throws(CSVError) -> TextSurvey {
    let file = try CSVFile(path: path)
    var survey = TextSurvey()
    return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256 << 10) { block throws(CSVError) in
      while true {
        let count = file.read(into: UnsafeMutableRawBufferPointer(block))
        if count < 0 { throw CSVError(line: 0, reason: .unreadable(path)) }
        if count == 0 { return survey }
        survey.look(at: UnsafeBufferPointer(rebasing: block[..<count]))
      }
    }
  }

  /// The next row; `nil` at the end. Empty fields too many are passed over, and one too few is taken for empty: that is how some programs write a last
  /// column without values. After a throw it goes on with the next row. A `'` that guards what looks like a formula is taken away.
  package mutating func next() throws(CSVError) -> CSVRow? {
    guard let row = try reader.next() else { return nil }
    var fields = row.fields
    if fields.count != heading.count {
      let (count, blank) = (fields.count, fields.reversed().prefix { $0.isEmpty }.count)
      if count > heading.count, count - blank <= heading.count { fields.removeLast(count - heading.count) }
      if count == heading.count - 1 { fields.append("") }
      guard fields.count == heading.count else {
        throw CSVError(line: row.line, reason: .fieldCount(count, heading: heading.count))
      }
    }
    for index in fields.indices where fields[index].utf8.first == UInt8(ascii: "'") { fields[index] = CSVWriter.unguarded(fields[index]) }
    return CSVRow(line: row.line, fields: fields)
  }
}
