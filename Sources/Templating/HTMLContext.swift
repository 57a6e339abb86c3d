/// How an output is made safe for the place where it stands.
enum Escaping: Sendable, Equatable {
  case text
  case attribute
  /// The beginning of an address: its scheme is checked too.
  case url
}

/// Follows the HTML of a template, so that every `{{ }}` knows where it stands, and what has no place in a template is found.
struct HTMLContext: Equatable {
  enum Place: Equatable {
    case text
    /// Right after `<`, or in a tag's name.
    case tagName([UInt8])
    /// Inside a tag, between attributes or in the name of one.
    case tag
    case attributeName([UInt8])
    /// After an attribute's `=`.
    case beforeValue(String)
    case value(attribute: String, quote: UInt8, Progress)
    case comment
    case declaration
    /// In `<script>` or `<style>`, which hold nothing in a template.
    case rawText(String)
  }

  /// How far an attribute's value has come, seen as an address.
  enum Progress: Equatable {
    /// Nothing but white space stands there.
    case start
    /// What stands there may still become a scheme, like `java` before `script:`.
    case scheme
    /// Past the first `/`, `?`, `#` or `:`, after which no scheme begins.
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
  /// The last characters, for the ends of comments and raw text.
  private var tail: [UInt8] = []

  /// Where two ways through a template meet again they must stand in the same kind of place.
  var meeting: Place { Self.meeting(place) }

  static func meeting(_ place: Place) -> Place {
    switch place {
    case .attributeName: .tag
    case .value(let attribute, let quote, _): .value(attribute: attribute, quote: quote, .scheme)
    default: place
    }
  }

  /// Goes on from where all these ways end.
  mutating func meet(_ ends: [Place]) {
    if case .attributeName = place { place = .tag }
    if case .value(let attribute, let quote, _) = place, ends.contains(where: { $0 != place }) {
      place = .value(attribute: attribute, quote: quote, .scheme)
    }
  }

  /// What a loop's body begins with is, from the second time on, what it ends with.
  mutating func enterLoop() {
    if case .value(let attribute, let quote, .start) = place { place = .value(attribute: attribute, quote: quote, .scheme) }
  }

  private static let addresses: Set<String> = [
    "href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href", "ping", "manifest",
  ]

  /// How to escape an output here, or why none may stand here.
  mutating func output() -> Result<Escaping, ContextProblem> {
    switch place {
    case .text: return .success(.text)
    case .value(let attribute, let quote, let progress):
      guard Self.addresses.contains(attribute) else { return .success(.attribute) }
      if progress == .path { return .success(.attribute) }
      guard progress == .start else {
        return .failure(ContextProblem("what stands before this value could make a scheme of it: write a “/”, “?” or “#” between them"))
      }
      place = .value(attribute: attribute, quote: quote, .scheme)
      return .success(.url)
    case .beforeValue(let attribute): return .failure(ContextProblem("the value of “\(attribute)” has to stand in quotes"))
    case .tag, .attributeName, .tagName: return .failure(ContextProblem("a value can’t make a tag or the name of an attribute"))
    case .comment: return .failure(ContextProblem("a value can’t stand in an HTML comment; use {# … #}"))
    case .declaration: return .failure(ContextProblem("a value can’t stand here"))
    case .rawText(let element): return .failure(ContextProblem("nothing may stand in <\(element)>: the page’s security policy forbids it"))
    }
  }

  /// Goes over what leaves it in the same kind of place, as most of a template does, and says how many bytes that are.
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

  /// Goes one byte further.
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
        return ContextProblem("the value of “\(attribute)” has to stand in quotes")
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
        return ContextProblem("nothing may stand in <\(element)>: the page’s security policy forbids it")
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
      if name.isEmpty { return ContextProblem("a “<” that begins no tag is written &lt;") }
      element = name.text.lowercased()
      if element == "style" { return ContextProblem("<style> has no place in a template: styles are files", back: 6) }
      place = .tag
      return inTag(byte)
    } else if byte == UInt8(ascii: "<") {
      return ContextProblem("a “<” that begins no tag is written &lt;")
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
    if lower == "style" { return ContextProblem("style= has no place in a template: the page’s security policy forbids it", back: back) }
    if lower == "srcdoc" {
      return ContextProblem("srcdoc= has no place in a template: a page within the page isn’t escaped twice", back: back)
    }
    if lower.hasPrefix("on") {
      return ContextProblem("\(lower)= has no place in a template: the page’s security policy forbids it", back: back)
    }
    guard byte != UInt8(ascii: "=") else {
      place = .beforeValue(lower)
      return nil
    }
    place = .tag
    return inTag(byte)
  }
}

/// Why something can't stand where it stands.
struct ContextProblem: Error {
  let message: String
  /// How many characters before the one that was stepped to it begins.
  let back: Int

  init(_ message: String, back: Int = 0) {
    self.message = message
    self.back = back
  }
}
