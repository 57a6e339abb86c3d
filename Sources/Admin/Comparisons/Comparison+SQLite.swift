import Base
import Store

/// What of comparisons only SQLite says like this: the folding functions of `Store` and `instr`.
extension SQL {
  /// An expression for a text as it is compared and sorted.
  static func folded(_ column: String) -> String { "fold(\(column))" }

  /// Whether one of a text's words begins like this folded one.
  static func hasWord(_ word: String, in column: String) -> SQL { contains(" " + word, in: "' ' || fold_words(\(column))") }

  /// Whether a value is one of those that are kept with commas between them.
  static func hasValue(_ value: String, in column: String) -> SQL { contains("," + value + ",", in: "',' || \(column) || ','") }

  /// Whether one of the folded words in some columns begins like this.
  static func hasWord(_ word: String, inWordsOf columns: [String]) -> SQL {
    contains(" " + word, in: columns.map { "' ' || \($0)" }.joined(separator: " || "))
  }

  /// Whether all words that are asked for are there, each as `has` looks for one.
  static func all(_ words: [SearchWords.Asked], _ has: (String) -> SQL) -> SQL {
    let each = words.map { word -> SQL in
      let parts = SQL(joining: word.parts.map(has), separator: " AND ")
      return word.joined.map { "((\(parts)) OR \(has($0)))" } ?? parts
    }
    return SQL(joining: each, separator: " AND ")
  }

  /// Whether these words are in a column of folded words, whole and one after the other.
  static func hasRun(of words: [String], inWordsOf column: String) -> SQL {
    contains(" " + words.joined(separator: " ") + " ", in: "' ' || \(column) || ' '")
  }

  private static func contains(_ part: String, in text: String) -> SQL { "instr(\(raw: text), \(part)) > 0" }
}
