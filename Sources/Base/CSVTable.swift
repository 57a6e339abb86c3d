/// A CSV file as a table: a heading, and rows with one field per column. Delimiter and encoding are detected once, from
/// the whole file.
package struct CSVTable {
  /// The first row, without the empty fields that spreadsheets leave at its end.
  package let heading: [String]
  /// An estimate of the number of rows: counts lines, and a row can span several.
  package let lines: Int
  /// The encoding of the file.
  package let encoding: TextEncoding
  private var reader: CSVReader

  /// Throws a `CSVError` if the file can't be read. `encoding` overrides the detected one.
  package init(path: String, encoding: TextEncoding? = nil) throws(CSVError) {
    let survey = try Self.survey(path)
    self.encoding = encoding ?? survey.encoding
    reader = try CSVReader(path: path, encoding: self.encoding, delimiter: nil)
    lines = survey.lines
    heading = try Self.heading(&reader)
  }

  /// The same for bytes in memory.
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

  /// The next row; `nil` at the end. Extra empty fields are dropped, and one missing field is taken as empty: some
  /// programs write a last column without values like that. After a throw it continues with the next row. A `'` that
  /// guards a formula is removed.
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
