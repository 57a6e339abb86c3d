import Base

/// What a person types into a search box, as an FTS5 expression: every word has to be there as the beginning of a word.
enum SearchExpression {
  private static let mostWords = 8

  /// `nil` when there is nothing to search for. Words are letters and digits only, so quoting them is all the escaping there is.
  static func match(_ q: String) -> String? {
    let words = TextFolding.words(mailbox(of: q)).prefix(mostWords)
    guard !words.isEmpty else { return nil }
    let typed = words.map { "\"\($0)\"*" }.joined(separator: " AND ")
    // A phone number may be typed in groups, and is indexed as one run of digits.
    let digits = TextFolding.digits(q)
    if words.count > 1, digits.utf8.count >= 3, q.unicodeScalars.allSatisfy({ phoneCharacters.contains($0) }) {
      return "(\(typed)) OR \"\(digits)\"*"
    }
    return typed
  }

  /// Of a whole e-mail address only what stands before the `@`: that finds its owner, and half of all records may share what follows.
  private static func mailbox(of q: String) -> String {
    guard let at = q.firstIndex(of: "@"), at > q.startIndex, !q.contains(" ") else { return q }
    return String(q[..<at])
  }

  private static let phoneCharacters = Set("+0123456789 -().,/".unicodeScalars)
}
