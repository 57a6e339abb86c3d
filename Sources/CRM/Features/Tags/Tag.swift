import Admin
import Base

/// A word that groups records of any type, with a colour.
struct Tag: Sendable, Equatable {
  let id: RecordID
  let name: String
  /// The number of one of the tints.
  let color: Int

  var tint: String { Tint.named(color) }

  static let longestName = 50
  /// Of one record.
  static let most = 50
  static let colors = ["Teal", "Blue", "Violet", "Pink", "Orange", "Yellow", "Green", "Grey"]

  /// What is wrong with a name. Commas stand between tags.
  static func problem(with name: String) -> Message? {
    if name.contains(",") { return Message("A tag can’t contain commas.") }
    return TextRules.problem(with: name, atMost: longestName)
  }

  /// The names in a text with commas between them; one that differs from an earlier one in case and accents alone is the same.
  static func names(in text: String) -> [String] {
    var seen: Set<String> = []
    return text.split(whereSeparator: { $0 == "," || $0.isNewline }).map { TextNormalizing.line(String($0)) }.filter {
      !$0.isEmpty && seen.insert(TextFolding.fold($0)).inserted
    }
  }
}
