import CXML2

extension XMLElement {
  /// A document of this element, in UTF-8, each element on its own line. Texts are escaped; characters that XML doesn't allow are left out.
  package func document() -> [UInt8] {
    HTMLParser.initialize()
    guard let buffer = xmlBufferCreate() else { fatalError("out of memory") }
    defer { xmlBufferFree(buffer) }
    guard let writer = xmlNewTextWriterMemory(buffer, 0) else { fatalError("out of memory") }
    xmlTextWriterSetIndent(writer, 1)
    xmlTextWriterSetIndentString(writer, "  ")
    xmlTextWriterStartDocument(writer, nil, "UTF-8", nil)
    write(to: writer)
    // A failed call, such as one without memory, has left the document open or its end unwritten.
    guard xmlTextWriterEndDocument(writer) >= 0 else { fatalError("out of memory") }
    // Only this writes the last bytes to the buffer.
    xmlFreeTextWriter(writer)
    return Array(UnsafeBufferPointer(start: xmlBufferContent(buffer), count: Int(xmlBufferLength(buffer))))
  }

  private func write(to writer: xmlTextWriterPtr) {
    xmlTextWriterStartElement(writer, name)
    for (name, value) in attributes { xmlTextWriterWriteAttribute(writer, name, value.withoutForbiddenCharacters()) }
    if !text.isEmpty { xmlTextWriterWriteString(writer, text.withoutForbiddenCharacters()) }
    for element in elements { element.write(to: writer) }
    xmlTextWriterEndElement(writer)
  }
}

extension String {
  /// Without the characters that no XML 1.0 document can contain, not even escaped: most control characters, U+FFFE and U+FFFF.
  package func withoutForbiddenCharacters() -> String {
    guard unicodeScalars.contains(where: \.isForbiddenInXML) else { return self }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: unicodeScalars.lazy.filter { !$0.isForbiddenInXML })
    return String(text)
  }
}

extension Unicode.Scalar {
  fileprivate var isForbiddenInXML: Bool {
    switch value {
    case 0x09, 0x0A, 0x0D: false
    case ..<0x20, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
