import Admin
import Base

/// Finds what stands behind each `@` of a text, in one pass: however a text is made, each of its characters is looked at a few times only.
struct MentionScanner {
  /// Who is called.
  enum Who: Equatable {
    case id(RecordID)
    case address(String)
    case name(String)
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

  /// The text with each call replaced by what `replacement` gives for it, if it gives anything. With `onlyAtWords` an `@` inside a word begins an
  /// address, not a call.
  static func replace(in text: String, onlyAtWords: Bool, _ replacement: (Who) throws -> String?) rethrows -> String {
    try scan(text, onlyAtWords: onlyAtWords, replacement).text
  }

  static func scan(_ text: String, onlyAtWords: Bool, _ replacement: (Who) throws -> String?) rethrows -> (text: String, steps: Int) {
    var scanner = MentionScanner(text)
    var made = String.UnicodeScalarView()
    var index = 0
    while index < scanner.text.count {
      scanner.steps += 1
      if scanner.text[index] == "@", !onlyAtWords || made.last.map(mayPrecede) ?? true, let (who, length) = scanner.call(at: index),
        let new = try replacement(who)
      {
        made.append(contentsOf: new.unicodeScalars)
        index += length
      } else {
        made.append(scanner.text[index])
        index += 1
      }
    }
    return (String(made), scanner.steps)
  }

  private static func mayPrecede(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || "([{\"'*_>".unicodeScalars.contains(scalar)
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
    default: return address(from: place + 1).map { (.address($0), $0.unicodeScalars.count + 1) }
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

  /// An address without the stop that ends its sentence.
  private mutating func address(from start: Int) -> String? {
    let at = run(from: start, atMost: Self.longestMailbox)
    guard at > start, at < text.count, text[at] == "@" else { return nil }
    var end = run(from: at + 1, atMost: Self.longestDomain)
    guard end > at + 1 else { return nil }
    while [".", "!", "?"].contains(text[end - 1]) { end -= 1 }
    return string(start, end)
  }

  /// Where characters end that an address may have.
  private mutating func run(from start: Int, atMost length: Int) -> Int {
    var end = start
    while end < text.count, end - start < length, !text[end].properties.isWhitespace, !"@,;:()<>[]\"".unicodeScalars.contains(text[end]) {
      end += 1
    }
    steps += end - start + 1
    return end
  }

  /// The first place from `start` on where this character stands, or the line ends, or the text.
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
