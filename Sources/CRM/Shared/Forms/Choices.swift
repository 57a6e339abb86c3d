import Base
import Templating

/// What a `<select>` offers: a form's value for each, and what a person reads.
struct Choices: Sendable {
  private let pairs: [(value: String, label: String)]

  init(_ pairs: [(value: String, label: String)]) { self.pairs = pairs }

  static let countries = Choices([("", "")] + Country.all.map { ($0.code, $0.name) })
  static let languages = Choices([("", "")] + LanguageTag.common.map { ($0.code, "\($0.name) – \($0.ownName)") })
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

extension Visit {
  /// A few choices, in the visitor's language.
  func choices(_ pairs: [(value: String, label: String)]) -> Choices {
    Choices(pairs.map { ($0.value, language.text($0.label)) })
  }
}
