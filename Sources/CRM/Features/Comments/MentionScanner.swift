import Admin
import Base

/// Finds the mentions in a text as it was typed, in one pass: whatever the text, each of its characters is looked at a few times only.
struct MentionScanner {
  /// Who is mentioned.
  enum Who: Equatable {
    case id(RecordID)
    case address(String)
    case name(String)
    /// One word, such as a first name.
    case word(String)
  }

  /// A mention and its place, in Unicode scalars.
  struct Call {
    let who: Who
    let range: Range<Int>
  }

  private static let longestName = 255
  private static let longestMailbox = 64
  private static let longestDomain = 190
  private static let idLength = 36

  private let text: [Unicode.Scalar]
  /// Where the next end of a name in brackets is, and of one in quotes: looked for once, and again when it has been passed.
  private var bracketEnd = 0
  private var quoteEnd = 0
  /// How many characters have been looked at, for tests.
  private(set) var steps = 0

  private init(_ text: String) { self.text = Array(text.unicodeScalars) }

  /// All that looks like a mention. With `onlyAtWords` an `@` inside a word or an address begins none.
  static func calls(in text: String, onlyAtWords: Bool) -> (calls: [Call], steps: Int) {
    var scanner = MentionScanner(text)
    var calls: [Call] = []
    var index = 0
    while index < scanner.text.count {
      scanner.steps += 1
      if scanner.text[index] == "@", !onlyAtWords || index == 0 || mayPrecede(scanner.text[index - 1]),
        let (who, length) = scanner.call(at: index)
      {
        calls.append(Call(who: who, range: index..<index + length))
        index += length
      } else {
        index += 1
      }
    }
    return (calls, scanner.steps)
  }

  /// The text with each mention replaced by what `replacement` gives for it, if it gives anything.
  static func replace(_ calls: [Call], in text: String, _ replacement: (Int) throws -> String?) rethrows -> String {
    let scalars = Array(text.unicodeScalars)
    var made = String.UnicodeScalarView()
    var end = 0
    for (number, call) in calls.enumerated() {
      guard let new = try replacement(number) else { continue }
      made.append(contentsOf: scalars[end..<call.range.lowerBound])
      made.append(contentsOf: new.unicodeScalars)
      end = call.range.upperBound
    }
    made.append(contentsOf: scalars[end...])
    return String(made)
  }

  /// Letters, digits and what joins the parts of addresses go on in front of an `@`; after anything else a mention may begin.
  private static func mayPrecede(_ scalar: Unicode.Scalar) -> Bool { !isWord(scalar) && !"./-+=&%#?@\\".unicodeScalars.contains(scalar) }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar.properties.generalCategory == .nonspacingMark
  }

  /// The call that begins with the `@` at a place, and its length with the `@`.
  private mutating func call(at place: Int) -> (who: Who, length: Int)? {
    guard place + 1 < text.count else { return nil }
    switch text[place + 1] {
    case "[": return mention(from: place + 2).map { ($0.who, $0.end - place) }
    case "\"":
      quoteEnd = end(of: "\"", from: place + 2, known: quoteEnd)
      guard isEnd(quoteEnd, "\""), 1...Self.longestName ~= quoteEnd - place - 2 else { return nil }
      return (.name(string(place + 2, quoteEnd)), quoteEnd + 1 - place)
    default:
      if let address = address(from: place + 1) { return (.address(address), address.unicodeScalars.count + 1) }
      return word(from: place + 1).map { (.word($0), $0.unicodeScalars.count + 1) }
    }
  }

  /// `[Name](user:id)`, from the name on.
  private mutating func mention(from start: Int) -> (who: Who, end: Int)? {
    bracketEnd = end(of: "]", from: start, known: bracketEnd)
    let link = Array("](user:".unicodeScalars)
    let (id, end) = (bracketEnd + link.count, bracketEnd + link.count + Self.idLength)
    guard bracketEnd - start <= Self.longestName, end < text.count, text[end] == ")" else { return nil }
    steps += link.count + Self.idLength
    guard text[bracketEnd..<id].elementsEqual(link), let found = RecordID(string(id, end)) else { return nil }
    return (.id(found), end + 1)
  }

  /// An address, up to the end of its domain.
  private mutating func address(from start: Int) -> String? {
    let at = run(from: start, atMost: Self.longestMailbox) { !$0.properties.isWhitespace && !"@,;:()<>[]\"".unicodeScalars.contains($0) }
    guard at > start, at < text.count, text[at] == "@" else { return nil }
    var end = run(from: at + 1, atMost: Self.longestDomain) { Self.isWord($0) || $0 == "-" || $0 == "." }
    while end > at + 1, [".", "-"].contains(text[end - 1]) { end -= 1 }
    return end > at + 1 ? string(start, end) : nil
  }

  /// A word of at least two letters.
  private mutating func word(from start: Int) -> String? {
    let end = run(from: start, atMost: Self.longestMailbox, while: Self.isWord)
    return end > start + 1 && text[start].properties.isAlphabetic ? string(start, end) : nil
  }

  /// Where characters of a kind end.
  private mutating func run(from start: Int, atMost length: Int, while isPart: (Unicode.Scalar) -> Bool) -> Int {
    var end = start
    while end < text.count, end - start < length, isPart(text[end]) { end += 1 }
    steps += end - start + 1
    return end
  }

  /// The first position from `start` on with this character, or the end of the line or text.
  private mutating func end(of mark: Unicode.Scalar, from start: Int, known: Int) -> Int {
    if known >= start { return known }
    var end = start
    while end < text.count, text[end] != mark, text[end] != "\n" { end += 1 }
    steps += end - start + 1
    return end
  }

  private func isEnd(_ place: Int, _ mark: Unicode.Scalar) -> Bool { place < text.count && text[place] == mark }

  private func string(_ start: Int, _ end: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text[start..<end])
    return String(view)
  }
}
