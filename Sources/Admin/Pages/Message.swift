import Base
package import Templating

/// A sentence for a person, in English, translated when it is shown. `{name}` places in it are filled from `arguments`.
package struct Message: Sendable, Equatable {
  package let text: String
  package let arguments: [String: String]
  /// Arguments that are texts of the product themselves: a field's label, or several with commas between them.
  private let labels: [String: [String]]

  package init(_ text: String, _ arguments: [String: String] = [:], labels: [String: [String]] = [:]) {
    self.text = text
    self.arguments = arguments
    self.labels = labels
  }

  package func text(in language: Language) -> String {
    let labels = labels.mapValues { $0.map { language.text($0) }.joined(separator: ", ") }
    return language.text(text, arguments.merging(labels) { $1 }.mapValues { .text($0) })
  }

  /// As it is stored and sent. Labels are not: such a message is for the current page.
  var json: JSON {
    .object([
      "text": .string(text),
      "arguments": .object(arguments.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: .string($0.value)) }),
    ])
  }

  init?(_ json: JSON) {
    guard let text = json["text"]?.string else { return nil }
    var arguments: [String: String] = [:]
    if case .object(let members)? = json["arguments"] {
      for member in members { arguments[member.name] = member.value.string ?? "" }
    }
    self.init(text, arguments)
  }
}
