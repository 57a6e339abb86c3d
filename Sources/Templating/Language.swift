import Base

/// A language: its translations, plural rule and number format. English is the language of the source texts.
package final class Language: Sendable {
  /// BCP 47.
  package let tag: String
  /// What the language is called in itself.
  package let ownName: String
  private let texts: [String: [String]]
  private let plural: PluralRule
  package let marks: NumberMarks

  init(
    tag: String, ownName: String? = nil, texts: [String: [String]] = [:], plural: PluralRule = .english, marks: NumberMarks? = nil
  ) {
    self.tag = tag
    self.ownName = ownName ?? tag
    self.texts = texts
    self.plural = plural
    self.marks = marks ?? NumberMarks(of: tag)
  }

  package static let english = Language(tag: "en", ownName: "English", marks: .english)

  /// The translation, or the text itself if there is none.
  package func text(_ id: String) -> String { texts[id]?.first ?? id }

  /// The text with its `{placeholders}` filled in.
  package func text(_ id: String, _ arguments: [String: Value]) -> String {
    let text = self.text(id)
    return arguments.isEmpty ? text : fill(text, arguments)
  }

  /// The plural form for a number; `{n}` is the number.
  package func plural(_ one: String, _ many: String, count: Int, _ arguments: [String: Value] = [:]) -> String {
    let forms = texts[one]
    let form: String
    if let forms, !forms.isEmpty {
      form = forms[min(plural.form(for: count), forms.count - 1)]
    } else {
      form = count == 1 ? one : many
    }
    var arguments = arguments
    arguments["n"] = .int(count)
    return fill(form, arguments)
  }

  package func has(_ id: String) -> Bool { texts[id] != nil }

  /// A whole number with separators.
  package func number(_ n: Int) -> String { (n < 0 ? "-" : "") + marks.grouped(String(n.magnitude)) }

  private func fill(_ text: String, _ arguments: [String: Value]) -> String {
    var out = ""
    var rest = Substring(text).utf8
    while let open = rest.firstIndex(of: UInt8(ascii: "{")), let close = rest[open...].firstIndex(of: UInt8(ascii: "}")) {
      out += Substring(rest[..<open])
      switch arguments[String(Substring(rest[rest.index(after: open)..<close]))] {
      case .int(let n): out += number(n)
      case let value?: out += value.text
      case nil: out += Substring(rest[open...close])
      }
      rest = rest[rest.index(after: close)...]
    }
    return out + Substring(rest)
  }

  /// The names of a text's placeholders.
  static func placeholders(in text: String) -> [String] {
    var names: [String] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      names.append(String(rest[rest.index(after: open)..<close]))
      rest = rest[rest.index(after: close)...]
    }
    return names
  }
}
