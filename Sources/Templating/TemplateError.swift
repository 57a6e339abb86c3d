/// An error in a template: message and position.
package struct TemplateError: Error, Sendable, CustomStringConvertible {
  package let message: String
  package let template: String
  /// From 1; columns count characters.
  package let line: Int
  package let column: Int
  let sourceLine: String
  let length: Int

  init(_ message: String, at position: Position, length: Int = 1, in source: Source) {
    self.message = message
    template = source.name
    line = position.line
    column = position.column
    sourceLine = source.line(position.line)
    self.length = max(1, length)
  }

  /// The message with the template's line and a caret below the position.
  package var description: String {
    let number = String(line)
    let margin = String(repeating: " ", count: max(0, 5 - number.utf8.count)) + number
    let blank = String(repeating: " ", count: margin.utf8.count)
    let indent = String(sourceLine.prefix(column - 1).map { $0 == "\t" ? "\t" : " " })
    let carets = max(1, min(length, sourceLine.count - column + 1))
    return """
      \(template).html:\(line):\(column): \(message)
      \(margin) | \(sourceLine)
      \(blank) | \(indent)\(String(repeating: "^", count: carets))
      """
  }
}

/// All errors of a set of templates.
package struct TemplateErrors: Error, Sendable, CustomStringConvertible {
  package let errors: [TemplateError]

  package var description: String { errors.map(\.description).joined(separator: "\n") }
}

struct Position: Sendable, Equatable {
  var line = 1
  var column = 1
}

/// A template's source, and its name in errors.
final class Source: Sendable {
  let name: String
  let text: String

  init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  func line(_ number: Int) -> String {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return number <= lines.count ? String(lines[number - 1]) : ""
  }
}

/// Finds the known word that a misspelt one most likely means.
enum Spelling {
  static func nearest(to word: String, among known: [String]) -> String? {
    let best = known.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
    guard let best, best.1 <= (word.count + 1) / 3 else { return nil }
    return best.0
  }

  static func suggestion(for word: String, among known: [String]) -> String {
    nearest(to: word, among: known).map { "; did you mean “\($0)”?" } ?? ""
  }

  /// The number of wrong, missing, additional or transposed letters.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.lowercased()), Array(b.lowercased()))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
