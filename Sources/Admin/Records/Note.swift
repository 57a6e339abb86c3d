package import Base

/// A note on a record: what, by whom, when.
package struct Note: Sendable, Equatable {
  package let text: String
  let by: String
  let at: String

  package var json: JSON { .object(["text": .string(text), "by": .string(by), "at": .string(at)]) }

  /// The notes of a record's `notes` column, newest first.
  static func list(_ stored: String) -> [Note] {
    if stored == "[]" { return [] }
    let items = (try? JSON(parsing: stored))?.array ?? []
    return items.reversed().map { item in
      Note(text: item["text"]?.string ?? "", by: item["by"]?.string ?? "", at: item["at"]?.string ?? "")
    }
  }
}
