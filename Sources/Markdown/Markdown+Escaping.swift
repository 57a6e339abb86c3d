extension Markdown {
  /// A plain text as Markdown that shows it as it is: nothing in it is a mark, and its lines stay lines.
  package static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = line.drop { $0 == " " || $0 == "\t" }
      var escaped = ""
      var isAtStart = true
      for character in line {
        // At the start of a line more means something: headings, lists, rules; and after digits, numbered lists.
        let isMark = marks.contains(character) || isAtStart && starts.contains(character)
        if isMark { escaped.append("\\") }
        escaped.append(character)
        if !(character.isASCII && character.isNumber) { isAtStart = false }
      }
      return escaped
    }.joined(separator: "\n")
  }

  private static let marks: Set<Character> = ["\\", "`", "*", "_", "[", "]", "<", ">", "~", "|", "&", "@"]
  private static let starts: Set<Character> = ["#", "+", "-", "=", ".", ")"]
}
