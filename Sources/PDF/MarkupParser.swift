/// Parses the markup. Strict: what it doesn't know, or what isn't closed, is an error with its line.
struct MarkupParser {
  /// Deeper nesting is a mistake, and would use up the stack.
  private static let deepest = 40

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1

  /// The `article` that the bytes are.
  static func parse(_ bytes: [UInt8]) throws(PDFError) -> Markup {
    if let line = lineOfInvalidUTF8(bytes) { throw .markup(line: line, "not UTF-8") }
    var parser = MarkupParser(bytes)
    try parser.skipBetween()
    guard parser.peek() == UInt8(ascii: "<") else { throw parser.error("an <article> is expected") }
    let root = try parser.element(depth: 0)
    guard root.element == .article else { throw root.error("an <article> is expected, not <\(root.element.rawValue)>") }
    try parser.skipBetween()
    guard parser.peek() == nil else { throw parser.error("nothing is expected after </article>") }
    return root
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  private static func lineOfInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { return line }
      line += 1
    }
    return line
  }

  private func error(_ problem: String) -> PDFError { .markup(line: line, problem) }

  private func peek(_ ahead: Int = 0) -> UInt8? { index + ahead < bytes.count ? bytes[index + ahead] : nil }

  private mutating func next() -> UInt8? {
    guard let byte = peek() else { return nil }
    index += 1
    if byte == UInt8(ascii: "\n") { line += 1 }
    return byte
  }

  private func isAhead(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes[index...].starts(with: $0) }
  }

  private mutating func skipSpace() {
    while let byte = peek(), byte.isSpace { _ = next() }
  }

  /// White space and comments.
  private mutating func skipBetween() throws(PDFError) {
    skipSpace()
    while isAhead("<!--") {
      try skipComment()
      skipSpace()
    }
  }

  private mutating func skipComment() throws(PDFError) {
    let start = line
    while !isAhead("-->") {
      guard next() != nil else { throw .markup(line: start, "this comment doesn’t end") }
    }
    index += 3
  }

  private mutating func name() -> String {
    let start = index
    while let byte = peek(), byte.isInName { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// From `<` on.
  private mutating func element(depth: Int) throws(PDFError) -> Markup {
    guard depth < Self.deepest else { throw error("elements are nested too deeply") }
    let start = line
    index += 1
    let name = name()
    guard let element = Element(rawValue: name) else { throw error("<\(name)> is unknown") }
    let (attributes, classes, isClosed) = try attributes(of: element)
    guard element.isVoid || !isClosed else { throw error("<\(name)/> needs an end tag") }
    var markup = Markup(element: element, attributes: attributes, classes: classes, line: start)
    if !element.isVoid { try content(of: &markup, depth: depth) }
    return markup
  }

  private mutating func attributes(of element: Element) throws(PDFError) -> ([Attribute: String], Set<StyleClass>, isClosed: Bool) {
    var attributes: [Attribute: String] = [:]
    var classes: Set<StyleClass> = []
    while true {
      let before = index
      skipSpace()
      switch peek() {
      case UInt8(ascii: ">"):
        index += 1
        return (attributes, classes, false)
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: ">"):
        index += 2
        return (attributes, classes, true)
      case nil: throw error("<\(element.rawValue)> doesn’t end")
      default: break
      }
      guard index > before else { throw error("a space is expected between attributes") }
      let name = name()
      guard let attribute = Attribute(rawValue: name), element.mayHave(attribute) else {
        throw error("<\(element.rawValue)> has no attribute “\(name)”")
      }
      guard attributes[attribute] == nil else { throw error("the attribute “\(name)” is there twice") }
      let value = try value(of: name)
      attributes[attribute] = value
      if attribute == .class { classes = try self.classes(value) }
    }
  }

  private mutating func value(of name: String) throws(PDFError) -> String {
    guard peek() == UInt8(ascii: "="), let quote = peek(1), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw error("the attribute “\(name)” needs a value in quotes")
    }
    index += 2
    var value: [UInt8] = []
    while let byte = peek(), byte != quote {
      guard byte != UInt8(ascii: "<") else { throw error("“<” is written as &lt; in an attribute") }
      try character(into: &value)
    }
    guard next() != nil else { throw error("the value of “\(name)” doesn’t end") }
    return String(decoding: value, as: UTF8.self)
  }

  private func classes(_ value: String) throws(PDFError) -> Set<StyleClass> {
    var classes: Set<StyleClass> = []
    for word in value.utf8.split(whereSeparator: \.isSpace) {
      guard let known = StyleClass(rawValue: String(Substring(word))) else { throw error("the class “\(Substring(word))” is unknown") }
      classes.insert(known)
    }
    return classes
  }

  private mutating func content(of parent: inout Markup, depth: Int) throws(PDFError) {
    let name = parent.element.rawValue
    var text: [UInt8] = []
    while true {
      switch peek() {
      case nil: throw parent.error("<\(name)> has no end tag")
      case UInt8(ascii: "<") where isAhead("<!--"): try skipComment()
      case UInt8(ascii: "<") where peek(1) == UInt8(ascii: "/"):
        try end(text, in: &parent)
        index += 2
        let end = self.name()
        guard end == name else { throw error("</\(end)> where </\(name)> is expected") }
        skipSpace()
        guard next() == UInt8(ascii: ">") else { throw error("</\(end)> doesn’t end") }
        return
      case UInt8(ascii: "<"):
        try end(text, in: &parent)
        text = []
        let child = try element(depth: depth + 1)
        guard parent.element.mayHold(child.element) else { throw child.error("<\(name)> can’t hold <\(child.element.rawValue)>") }
        parent.children.append(.element(child))
      default: try character(into: &text)
      }
    }
  }

  /// Adds the text so far. White space is nothing where no text can be.
  private func end(_ text: [UInt8], in parent: inout Markup) throws(PDFError) {
    guard !text.isEmpty else { return }
    if parent.element.mayHoldText {
      parent.children.append(.text(text))
    } else if !text.allSatisfy(\.isSpace) {
      throw error("<\(parent.element.rawValue)> can’t hold text")
    }
  }

  /// One character, unescaped. Control characters say nothing on paper and are left out.
  private mutating func character(into text: inout [UInt8]) throws(PDFError) {
    guard let byte = next() else { return }
    switch byte {
    case UInt8(ascii: "&"): try reference(into: &text)
    case 0xC2 where peek().map({ 0x80...0x9F ~= $0 }) ?? false: index += 1
    case _ where byte >= 0x20 && byte != 0x7F || byte.isSpace: text.append(byte)
    default: break
    }
  }

  /// After `&`.
  private mutating func reference(into text: inout [UInt8]) throws(PDFError) {
    let start = index
    while let byte = peek(), byte.isInName || byte == UInt8(ascii: "#"), index - start < 10 { index += 1 }
    let name = String(decoding: bytes[start..<index], as: UTF8.self)
    guard next() == UInt8(ascii: ";") else { throw error("“&” is written as &amp;") }
    switch name {
    case "amp": text.append(UInt8(ascii: "&"))
    case "lt": text.append(UInt8(ascii: "<"))
    case "gt": text.append(UInt8(ascii: ">"))
    case "quot": text.append(UInt8(ascii: "\""))
    case "nbsp": text += "\u{A0}".utf8
    default:
      let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
      guard let scalar = number.flatMap(Unicode.Scalar.init) else { throw error("&\(name); is unknown") }
      // Line breaks and tabs are white space; other control characters are left out here too.
      if scalar.properties.generalCategory != .control || scalar == "\n" || scalar == "\t" { text += String(scalar).utf8 }
    }
  }
}

extension UInt8 {
  /// HTML's white space.
  var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D || self == 0x0C }

  fileprivate var isInName: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
