import Base
import Synchronization
package import Templating

/// What a `<select>` offers: a form's value for each, and what a person reads.
package struct Choices: Sendable {
  private let values: [String]
  /// The `<option>` elements.
  private let markup: HTML
  /// Where in them each value ends.
  private let ends: [Int]

  package init(_ pairs: [(value: String, label: String)]) {
    var writer = HTMLWriter()
    ends = pairs.map { Self.write($0.value, $0.label, to: &writer) }
    markup = writer.finish()
    values = pairs.map(\.value)
  }

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

  /// The `<option>` elements, none of them selected.
  package var options: Value { .html(markup) }

  /// The `<option>` elements. A value that isn't among the choices is kept as one more, so that saving a form never changes it unseen.
  package func options(selected: String) -> Value {
    if let known = values.firstIndex(of: selected) { return .html(markup.inserting(" selected", at: ends[known])) }
    var writer = HTMLWriter()
    let end = Self.write(selected, selected, to: &writer)
    return .html(markup + writer.finish().inserting(" selected", at: end))
  }

  /// Writes an option and returns where its value ends.
  private static func write(_ value: String, _ label: String, to writer: inout HTMLWriter) -> Int {
    writer.markup("<option value=\"")
    writer.text(value)
    writer.markup("\"")
    defer {
      // An option without text is no option (HTML, "The option element").
      if label.isEmpty { writer.markup(" label=\"–\"") }
      writer.markup(">")
      writer.text(label)
      writer.markup("</option>")
    }
    return writer.count
  }
}

extension RequestContext {
  /// A few choices, in the visitor's language.
  package func choices(_ pairs: [(value: String, label: String)]) -> Choices {
    Choices(pairs.map { ($0.value, language.text($0.label)) })
  }
}
