/// How an output is escaped for its position.
enum Escaping: Sendable, Equatable {
  case text
  case attribute
  /// The start of a URL: its scheme is checked too.
  case url
}

/// Tracks the HTML of a template, so that the context of every `{{ }}` is known and disallowed markup is found.
struct HTMLContext: Equatable {
  enum Place: Equatable {
    case text
    /// After `<`, or in a tag name.
    case tagName([UInt8])
    /// Inside a tag, between attributes or in an attribute name.
    case tag
    case attributeName([UInt8])
    /// After an attribute's `=`.
    case beforeValue(String)
    case value(attribute: String, quote: UInt8, Progress)
    case comment
    case declaration
    /// In `<script>` or `<style>`, which must be empty in a template.
    case rawText(String)
  }

  /// The state of an attribute value, seen as a URL.
  enum Progress: Equatable {
    /// Only white space so far.
    case start
    /// What is there could become a scheme, like `java` before `script:`.
    case scheme
    /// After the first `/`, `?`, `#` or `:`, where no scheme can start.
    case path

    mutating func step(_ byte: UInt8) {
      if Self.endsScheme(byte) {
        self = .path
      } else if self == .start, !byte.isSpace {
        self = .scheme
      }
    }

    static func endsScheme(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: ":"): true
      default: false
      }
    }
  }

  var place = Place.text
  private var element = ""
  /// The last characters, to recognize the ends of comments and raw text.
  private var tail: [UInt8] = []

  /// Where two paths through a template join, their contexts must agree.
  var meeting: Place { Self.meeting(place) }

  static func meeting(_ place: Place) -> Place {
    switch place {
    case .attributeName: .tag
    case .value(let attribute, let quote, _): .value(attribute: attribute, quote: quote, .scheme)
    default: place
    }
  }

  /// Continues from the common end of these paths.
  mutating func meet(_ ends: [Place]) {
    if case .attributeName = place { place = .tag }
    if case .value(let attribute, let quote, _) = place, ends.contains(where: { $0 != place }) {
      place = .value(attribute: attribute, quote: quote, .scheme)
    }
  }

  /// From the second iteration on, a loop's body starts in the context in which it ends.
  mutating func enterLoop() {
    if case .value(let attribute, let quote, .start) = place { place = .value(attribute: attribute, quote: quote, .scheme) }
  }

  private static let addresses: Set<String> = [
    "href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href", "ping", "manifest",
  ]

  /// How to escape an output here, or why none is allowed.
  mutating func output() -> Result<Escaping, ContextProblem> {
    switch place {
    case .text: return .success(.text)
    case .value(let attribute, let quote, let progress):
      guard Self.addresses.contains(attribute) else { return .success(.attribute) }
      if progress == .path { return .success(.attribute) }
      guard progress == .start else {
        return .failure(ContextProblem("the text before this value could turn it into a URL scheme: put a “/”, “?” or “#” between them"))
      }
      place = .value(attribute: attribute, quote: quote, .scheme)
      return .success(.url)
    case .beforeValue(let attribute): return .failure(ContextProblem("the value of “\(attribute)” must be quoted"))
    case .tag, .attributeName, .tagName: return .failure(ContextProblem("a value can’t be a tag or attribute name"))
    case .comment: return .failure(ContextProblem("values aren’t allowed in HTML comments; use {# … #}"))
    case .declaration: return .failure(ContextProblem("values aren’t allowed here"))
    case .rawText(let element):
      return .failure(ContextProblem("<\(element)> must be empty: the Content-Security-Policy forbids inline content"))
    }
  }

  /// Skips bytes that don't change the context, as most of a template doesn't, and returns their number.
  mutating func pass(_ bytes: ArraySlice<UInt8>) -> Int {
    switch place {
    case .text: return bytes.prefix { $0 != UInt8(ascii: "<") }.count
    case .value(_, let quote, .path): return bytes.prefix { $0 != quote }.count
    case .value(_, let quote, .scheme): return bytes.prefix { $0 != quote && !Progress.endsScheme($0) }.count
    case .tagName(let name) where name.first.map { $0 != UInt8(ascii: "!") } ?? false:
      let more = bytes.prefix { $0.isInWord }
      if !more.isEmpty { place = .tagName(name + more) }
      return more.count
    case .attributeName(let name):
      let more = bytes.prefix { $0.isInWord || $0 == UInt8(ascii: "-") }
      if !more.isEmpty { place = .attributeName(name + more) }
      return more.count
    default: return 0
    }
  }

  /// Advances by one byte.
  mutating func step(_ byte: UInt8) -> ContextProblem? {
    switch place {
    case .text:
      if byte == UInt8(ascii: "<") { place = .tagName([]) }
    case .tagName(let name): return tagName(name, byte)
    case .tag: return inTag(byte)
    case .attributeName(let name): return attributeName(name, byte)
    case .beforeValue(let attribute):
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        place = .value(attribute: attribute, quote: byte, .start)
      } else if !byte.isSpace {
        return ContextProblem("the value of “\(attribute)” must be quoted")
      }
    case .value(let attribute, let quote, var progress):
      progress.step(byte)
      place = byte == quote ? .tag : .value(attribute: attribute, quote: quote, progress)
    case .comment:
      tail = (tail + [byte]).suffix(3)
      if tail.elementsEqual("-->".utf8) { place = .text }
    case .declaration:
      if byte == UInt8(ascii: ">") { place = .text }
    case .rawText(let element):
      let end = Array("</\(element)>".utf8)
      tail = (tail + [byte.lowercased]).suffix(end.count)
      let begun = tail.drop { $0 != UInt8(ascii: "<") }
      if tail == end {
        place = .text
      } else if !byte.isSpace, begun.isEmpty || !end.starts(with: begun) {
        return ContextProblem("<\(element)> must be empty: the Content-Security-Policy forbids inline content")
      }
    }
    return nil
  }

  private mutating func tagName(_ name: [UInt8], _ byte: UInt8) -> ContextProblem? {
    if byte == UInt8(ascii: "-"), name.elementsEqual("!-".utf8) {
      tail = []
      place = .comment
    } else if byte == UInt8(ascii: "!"), name.isEmpty {
      place = .tagName([byte])
    } else if byte != UInt8(ascii: "-"), name.elementsEqual("!".utf8) {
      place = .declaration
    } else if byte.isSpace || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") && !name.isEmpty {
      if name.isEmpty { return ContextProblem("write “<” as &lt; unless it starts a tag") }
      element = name.text.lowercased()
      if element == "style" { return ContextProblem("<style> isn’t allowed in templates: use a style sheet", back: 6) }
      place = .tag
      return inTag(byte)
    } else if byte == UInt8(ascii: "<") {
      return ContextProblem("write “<” as &lt; unless it starts a tag")
    } else {
      place = .tagName(name + [byte])
    }
    return nil
  }

  private mutating func inTag(_ byte: UInt8) -> ContextProblem? {
    switch byte {
    case UInt8(ascii: ">"):
      tail = []
      place = element == "script" ? .rawText("script") : .text
    case UInt8(ascii: "="): return ContextProblem("a “=” without the name of an attribute")
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return ContextProblem("a quote without an attribute")
    case UInt8(ascii: "<"): return ContextProblem("this tag is not closed before the next one")
    case UInt8(ascii: "/"): break
    case let other where other.isSpace: break
    default: place = .attributeName([byte])
    }
    return nil
  }

  private mutating func attributeName(_ name: [UInt8], _ byte: UInt8) -> ContextProblem? {
    guard byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte.isSpace else {
      place = .attributeName(name + [byte])
      return nil
    }
    let back = name.characterCount
    let lower = name.text.lowercased()
    if lower == "style" { return ContextProblem("style= isn’t allowed: the Content-Security-Policy forbids it", back: back) }
    if lower == "srcdoc" {
      return ContextProblem("srcdoc= isn’t allowed: its content would need escaping twice", back: back)
    }
    if lower.hasPrefix("on") {
      return ContextProblem("\(lower)= isn’t allowed: the Content-Security-Policy forbids it", back: back)
    }
    guard byte != UInt8(ascii: "=") else {
      place = .beforeValue(lower)
      return nil
    }
    place = .tag
    return inTag(byte)
  }
}

/// Why something isn't allowed at a position.
struct ContextProblem: Error {
  let message: String
  /// How many characters before the current one it starts.
  let back: Int

  init(_ message: String, back: Int = 0) {
    self.message = message
    self.back = back
  }
}
