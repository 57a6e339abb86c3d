import XML

extension XMLElement {
  /// `nil` without a text.
  static func optional(_ name: String, _ text: String?) -> XMLElement? { text?.written.map { XMLElement(name, $0) } }

  /// `nil` without elements: receivers refuse empty ones.
  static func group(_ name: String, _ elements: [XMLElement?]) -> XMLElement? {
    elements.contains { $0 != nil } ? XMLElement(name, elements) : nil
  }
}
