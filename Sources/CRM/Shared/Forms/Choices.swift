import Base
import Synchronization
import Templating

/// What a `<select>` offers: a form's value for each, and what a person reads.
struct Choices: Sendable {
  private let pairs: [(value: String, label: String)]

  init(_ pairs: [(value: String, label: String)]) { self.pairs = pairs }

  /// By their names in this language, in its alphabet's order.
  static func countries(in language: Language) -> Choices {
    named("countries", in: language) {
      let names = LocaleNames.of(language)
      return Country.all.map { ($0.code, names.country($0.code)) }
    }
  }

  /// The same, with what each is called by those who speak it.
  static func languages(in language: Language) -> Choices {
    named("languages", in: language) {
      let names = LocaleNames.of(language)
      return LanguageTag.common.map { known in
        let name = names.language(known.code)
        return (known.code, name == known.ownName ? name : "\(name) – \(known.ownName)")
      }
    }
  }

  /// Made once per language.
  private static let made = Mutex<[String: Choices]>([:])

  private static func named(_ kind: String, in language: Language, _ pairs: () -> [(value: String, label: String)]) -> Choices {
    let key = kind + " " + language.tag
    if let known = made.withLock({ $0[key] }) { return known }
    let sorted = pairs().map { (pair: $0, key: TextFolding.fold($0.label)) }.sorted { $0.key < $1.key }.map(\.pair)
    let choices = optional(sorted)
    made.withLock { $0[key] = choices }
    return choices
  }

  static let timeZones = Choices(ZoneClock.all.map { ($0, $0) })

  /// Choices of which none needs to be made.
  static func optional(_ pairs: [(value: String, label: String)]) -> Choices { Choices([("", "")] + pairs) }

  /// The `<option>` elements. A value that isn't among the choices is kept as one more, so that saving a form never changes it unseen.
  func options(selected: String) -> Value {
    var writer = HTMLWriter()
    var isKnown = false
    for pair in pairs {
      Self.write(pair.value, pair.label, isSelected: pair.value == selected, to: &writer)
      if pair.value == selected { isKnown = true }
    }
    if !isKnown { Self.write(selected, selected, isSelected: true, to: &writer) }
    return .html(writer.finish())
  }

  private static func write(_ value: String, _ label: String, isSelected: Bool, to writer: inout HTMLWriter) {
    writer.markup("<option value=\"")
    writer.text(value)
    if isSelected { writer.markup("\" selected>") } else { writer.markup("\">") }
    writer.text(label)
    writer.markup("</option>")
  }
}

extension RequestContext {
  /// A few choices, in the visitor's language.
  func choices(_ pairs: [(value: String, label: String)]) -> Choices {
    Choices(pairs.map { ($0.value, language.text($0.label)) })
  }
}
