package import Templating

/// A sentence for a person, in English, translated when it is shown. `{name}` places in it are filled from `arguments`.
package struct Message: Sendable, Equatable {
  package let text: String
  package let arguments: [String: String]

  package init(_ text: String, _ arguments: [String: String] = [:]) {
    self.text = text
    self.arguments = arguments
  }

  package func text(in language: Language) -> String {
    language.text(text, arguments.mapValues { .text($0) })
  }
}
