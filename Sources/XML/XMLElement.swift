/// An element of an XML document that is to be written: its name with its prefix, attributes, and either a text or elements.
package struct XMLElement: Sendable {
  package let name: String
  package let attributes: [(name: String, value: String)]
  package let text: String
  package let elements: [XMLElement]

  package init(_ name: String, _ text: String, attributes: KeyValuePairs<String, String> = [:]) {
    (self.name, self.text, elements) = (name, text, [])
    self.attributes = attributes.map { ($0.key, $0.value) }
  }

  /// What is `nil` isn't written.
  package init(_ name: String, _ elements: [XMLElement?], attributes: KeyValuePairs<String, String> = [:]) {
    (self.name, text, self.elements) = (name, "", elements.compactMap(\.self))
    self.attributes = attributes.map { ($0.key, $0.value) }
  }

  /// All elements at a path of names, such as `cac:Party/cbc:Name`.
  package subscript(path: String) -> [XMLElement] {
    path.split(separator: "/").reduce([self]) { found, name in found.flatMap { $0.elements.filter { $0.name == name } } }
  }

  package subscript(attribute attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }
}
