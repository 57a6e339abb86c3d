import Base
import Templating

#if canImport(Glibc)
  import Glibc
#endif

/// A CSV file with its heading: fields are asked for by name.
struct ImportFile {
  private var reader: CSVReader
  let columns: [String: Int]

  init(path: String) throws {
    reader = try CSVReader(path: path)
    guard let heading = try reader.next() else { throw ImportRefusal(description: "\(path) is empty: its first line names the columns") }
    columns = Dictionary(heading.fields.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// About how many rows a file has: its lines, of which a row may take several.
  static func lines(in path: String) throws -> Int {
    guard let file = fopen(path, "r") else { throw ImportRefusal(description: "\(path): \(String(cString: strerror(errno)))") }
    defer { fclose(file) }
    var block = [UInt8](repeating: 0, count: 256 << 10)
    var lines = 0
    while case let count = fread(&block, 1, block.count, file), count > 0 {
      for byte in block[..<count] where byte == UInt8(ascii: "\n") { lines += 1 }
    }
    return lines
  }

  /// The next row, or why it can't be read; `nil` at the end.
  mutating func next() -> Result<ImportRow, ImportProblem>? {
    do {
      guard let row = try reader.next() else { return nil }
      guard row.fields.count == columns.count else {
        return .failure(ImportProblem(line: row.line, reason: "\(row.fields.count) fields where the heading has \(columns.count)"))
      }
      return .success(ImportRow(line: row.line, fields: row.fields, columns: columns))
    } catch {
      return .failure(ImportProblem(line: error.line, reason: error.description))
    }
  }
}

/// One line of a file.
struct ImportRow {
  let line: Int
  let fields: [String]
  let columns: [String: Int]

  /// A field's text, cleaned; empty when the file has no such column.
  subscript(_ name: String) -> String { columns[name].map { TextNormalizing.clean(fields[$0]) } ?? "" }

  /// Throws the first thing that is wrong, by its field.
  func refuse(_ problems: ValidationErrors) throws(ImportProblem) {
    guard let field = problems.order.first, let problem = problems[field] else { return }
    throw ImportProblem(line: line, reason: "\(field): \(problem.text(in: .english))")
  }

  /// A stored moment; an empty field is the moment of the import.
  func time(_ name: String, or now: Timestamp) throws(ImportProblem) -> Timestamp {
    let text = self[name]
    if text.isEmpty { return now }
    guard let time = Timestamp(text) ?? Timestamp(text + " 00:00:00") else {
      throw ImportProblem(line: line, reason: "“\(text)” in \(name) is no time")
    }
    return time
  }
}

/// A row that is skipped, and why.
package struct ImportProblem: Error, Sendable {
  package let line: Int
  package let reason: String
}

/// Why nothing was imported at all.
package struct ImportRefusal: Error, CustomStringConvertible {
  package let description: String
}
