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
    case tagName(String)
    /// Inside a tag, between attributes or in the name of one.
    case tag
    case attributeName(String)
    /// After an attribute's `=`.
    case beforeValue(String)
    case value(attribute: String, quote: Character, Progress)
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

    mutating func step(_ character: Character) {
      if "/?#:".contains(character) {
        self = .path
      } else if self == .start, !character.isWhitespace {
        self = .scheme
      }
    }
  }

  var place = Place.text
  private var element = ""
  /// The last characters, for the ends of comments and raw text.
  private var tail = ""

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

  /// Goes one character further.
  mutating func step(_ character: Character) -> ContextProblem? {
    switch place {
    case .text:
      if character == "<" { place = .tagName("") }
    case .tagName(let name): return tagName(name, character)
    case .tag: return inTag(character)
    case .attributeName(let name): return attributeName(name, character)
    case .beforeValue(let attribute):
      if character == "\"" || character == "'" {
        place = .value(attribute: attribute, quote: character, .start)
      } else if !character.isWhitespace {
        return ContextProblem("the value of “\(attribute)” has to stand in quotes")
      }
    case .value(let attribute, let quote, var progress):
      progress.step(character)
      place = character == quote ? .tag : .value(attribute: attribute, quote: quote, progress)
    case .comment:
      tail = String((tail + String(character)).suffix(3))
      if tail == "-->" { place = .text }
    case .declaration:
      if character == ">" { place = .text }
    case .rawText(let element):
      tail = String((tail + String(character)).suffix(element.count + 3)).lowercased()
      if tail == "</\(element)>" {
        place = .text
      } else if !character.isWhitespace, !"</\(element)>".hasPrefix(tail.drop { $0 != "<" }) || !tail.contains("<") {
        return ContextProblem("nothing may stand in <\(element)>: the page’s security policy forbids it")
      }
    }
    return nil
  }

  private mutating func tagName(_ name: String, _ character: Character) -> ContextProblem? {
    if name == "!-", character == "-" {
      tail = ""
      place = .comment
    } else if character == "!" && name.isEmpty {
      place = .tagName("!")
    } else if name == "!", character != "-" {
      place = .declaration
    } else if character.isWhitespace || character == ">" || character == "/" && !name.isEmpty {
      if name.isEmpty { return ContextProblem("a “<” that begins no tag is written &lt;") }
      element = name.lowercased()
      if element == "style" { return ContextProblem("<style> has no place in a template: styles are files", back: 6) }
      place = .tag
      return inTag(character)
    } else if character == "<" {
      return ContextProblem("a “<” that begins no tag is written &lt;")
    } else {
      place = .tagName(name + String(character))
    }
    return nil
  }

  private mutating func inTag(_ character: Character) -> ContextProblem? {
    switch character {
    case ">":
      tail = ""
      place = element == "script" ? .rawText("script") : .text
    case "=": return ContextProblem("a “=” without the name of an attribute")
    case "\"", "'": return ContextProblem("a quote without an attribute")
    case "<": return ContextProblem("this tag is not closed before the next one")
    case "/": break
    case let other where other.isWhitespace: break
    default: place = .attributeName(String(character))
    }
    return nil
  }

  private mutating func attributeName(_ name: String, _ character: Character) -> ContextProblem? {
    let lower = name.lowercased()
    if character == "=" || character.isWhitespace || character == ">" || character == "/" {
      let back = name.count
      if lower == "style" { return ContextProblem("style= has no place in a template: the page’s security policy forbids it", back: back) }
      if lower == "srcdoc" {
        return ContextProblem("srcdoc= has no place in a template: a page within the page isn’t escaped twice", back: back)
      }
      if lower.hasPrefix("on") {
        return ContextProblem("\(lower)= has no place in a template: the page’s security policy forbids it", back: back)
      }
    }
    switch character {
    case "=": place = .beforeValue(lower)
    case let other where other.isWhitespace || other == ">" || other == "/":
      place = .tag
      return inTag(character)
    default: place = .attributeName(name + String(character))
    }
    return nil
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
