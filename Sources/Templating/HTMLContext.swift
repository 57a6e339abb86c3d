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
    /// In an attribute's value; `isStart` until something stands in it.
    case value(attribute: String, quote: Character, isStart: Bool)
    case comment
    case declaration
    /// In `<script>` or `<style>`, which hold nothing in a template.
    case rawText(String)
  }

  var place = Place.text
  private var element = ""
  /// The last characters, for the ends of comments and raw text.
  private var tail = ""

  /// Where two ways through a template meet again they must stand in the same kind of place.
  var meeting: Place {
    switch place {
    case .attributeName: .tag
    case .value(let attribute, let quote, _): .value(attribute: attribute, quote: quote, isStart: false)
    default: place
    }
  }

  mutating func meet() {
    if case .attributeName = place { place = .tag }
    if case .value(let attribute, let quote, _) = place { place = .value(attribute: attribute, quote: quote, isStart: false) }
  }

  private static let addresses: Set<String> = [
    "href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href", "ping", "manifest",
  ]

  /// How to escape an output here, or why none may stand here.
  mutating func output() -> Result<Escaping, ContextProblem> {
    switch place {
    case .text: return .success(.text)
    case .value(let attribute, let quote, let isStart):
      place = .value(attribute: attribute, quote: quote, isStart: false)
      return .success(isStart && Self.addresses.contains(attribute) ? .url : .attribute)
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
        place = .value(attribute: attribute, quote: character, isStart: true)
      } else if !character.isWhitespace {
        return ContextProblem("the value of “\(attribute)” has to stand in quotes")
      }
    case .value(let attribute, let quote, _):
      place = character == quote ? .tag : .value(attribute: attribute, quote: quote, isStart: false)
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
      if element == "style" { return ContextProblem("<style> has no place in a template: styles are files") }
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
      if lower == "style" { return ContextProblem("style= has no place in a template: the page’s security policy forbids it") }
      if lower.hasPrefix("on") { return ContextProblem("\(lower)= has no place in a template: the page’s security policy forbids it") }
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

  init(_ message: String) { self.message = message }
}
