import CXML2

/// One element of an `HTMLDocument`; keeps the document alive.
package struct HTMLNode {
  let pointer: xmlNodePtr
  private let document: HTMLDocument

  init(_ pointer: xmlNodePtr, of document: HTMLDocument) {
    self.pointer = pointer
    self.document = document
  }

  /// The tag name, in lower case.
  package var name: String { String(cString: pointer.pointee.name) }

  /// The line of the start tag in the page, from 1.
  package var line: Int { xmlGetLineNo(pointer) }

  /// The text content, with white space collapsed.
  package var text: String {
    guard let content = xmlNodeGetContent(pointer) else { return "" }
    defer { xml2_free(content) }
    return String(cString: content).collapsingWhiteSpace()
  }

  /// The attributes in source order; the value of a bare attribute and of a switch like `checked="checked"` is empty.
  package var attributes: [(name: String, value: String)] {
    sequence(first: pointer.pointee.properties, next: { $0?.pointee.next }).prefix { $0 != nil }.compactMap { $0 }.map { attribute in
      let name = String(cString: attribute.pointee.name)
      guard let value = xmlNodeListGetString(pointer.pointee.doc, attribute.pointee.children, 1) else { return (name, "") }
      defer { xml2_free(value) }
      let text = String(cString: value)
      // libxml2 gives the boolean attributes of HTML 4 their own name as value, and those of HTML 5 none.
      return (name, text == name && HTMLVocabulary.switches.contains(name) ? "" : text)
    }
  }

  /// The value of an attribute, nil if the element doesn't have it.
  package subscript(_ attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

  /// True if the `class` attribute contains this word.
  package func hasClass(_ word: String) -> Bool { self["class"]?.split(separator: " ").contains { $0 == word } ?? false }

  /// The first match of the XPath expression from here; start it with `.` to search inside this element only.
  package func first(_ xpath: String) -> HTMLNode? { all(xpath).first }

  /// Every match of the XPath expression from here, in document order.
  package func all(_ xpath: String) -> [HTMLNode] { document.elements(xpath, from: pointer) }

  /// The inner HTML, as parsed.
  package var inner: String { contents.map(\.markup).joined() }

  /// The outer HTML, as parsed.
  package var outer: String { HTMLContent.element(self).markup }
}

extension HTMLNode {
  /// The child nodes, in order.
  var contents: [HTMLContent] {
    sequence(first: pointer.pointee.children, next: { $0?.pointee.next }).prefix { $0 != nil }.compactMap { $0 }.compactMap { child in
      switch child.pointee.type {
      case XML_ELEMENT_NODE: .element(HTMLNode(child, of: document))
      case XML_COMMENT_NODE: child.pointee.content.map { .comment(String(cString: $0)) }
      case XML_TEXT_NODE: child.pointee.content.map { .text(String(cString: $0)) }
      case XML_CDATA_SECTION_NODE: child.pointee.content.map { .raw(String(cString: $0)) }
      case XML_ENTITY_REF_NODE: child.pointee.name.map { .raw("&\(String(cString: $0));") }
      default: nil
      }
    }
  }
}

extension String {
  /// Every run of HTML white space becomes one space; trimmed. A no-break space is not white space.
  func collapsingWhiteSpace() -> String {
    utf8.split(whereSeparator: { $0 == 32 || (9...13).contains($0) && $0 != 11 }).map { String($0) ?? "" }.joined(separator: " ")
  }
}
