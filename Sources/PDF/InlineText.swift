/// The text of a paragraph: its bytes, and where they look different or are a link.
struct InlineText {
  struct Span {
    let range: Range<Int>
    let style: Style
    let link: LinkAddress?
  }

  /// What the spans don't change.
  let style: Style
  private(set) var bytes: [UInt8] = []
  private(set) var spans: [Span] = []
  /// White space that becomes a space if something follows.
  private var hasSpace = false
  private let numbers: PageNumbers?

  /// `numbers`: of the page that a header or footer is for.
  init(_ children: some Sequence<Markup.Child>, style: Style, numbers: PageNumbers?) throws(PDFError) {
    self.style = style
    self.numbers = numbers
    try add(children, style: style, link: nil)
    // A template writes tags and text on lines of their own.
    while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
  }

  private init(_ bytes: ArraySlice<UInt8>, of text: InlineText) {
    (style, numbers, self.bytes) = (text.style, nil, Array(bytes))
    spans = text.spans.compactMap { span in
      let range = span.range.clamped(to: bytes.indices)
      if range.isEmpty { return nil }
      return Span(range: range.lowerBound - bytes.startIndex..<range.upperBound - bytes.startIndex, style: span.style, link: span.link)
    }
  }

  /// Cut where it is longer than any paragraph: the time that the library takes to break lines grows with the square of their number, and
  /// fastest within a word.
  var pieces: [InlineText] {
    if bytes.count <= Self.longest { return [self] }
    var pieces: [InlineText] = []
    var start = 0
    while start < bytes.count {
      var end = min(start + Self.longest, bytes.count)
      if end < bytes.count {
        // After a space, if there is one not far away; never within a character.
        if let space = bytes[end - Self.longest / 2..<end].lastIndex(where: \.isSpace) {
          end = space + 1
        } else {
          // A script without spaces, or no word of any.
          if bytes[start..<end].allSatisfy({ $0 < 0x80 }) { end = start + Self.longestWord }
          while bytes[end] & 0xC0 == 0x80 { end -= 1 }
        }
      }
      pieces.append(InlineText(bytes[start..<end], of: self))
      start = end
    }
    return pieces
  }

  private static let longest = 6_000
  private static let longestWord = 300

  var isEmpty: Bool { bytes.isEmpty }

  private mutating func add(_ children: some Sequence<Markup.Child>, style: Style, link: LinkAddress?) throws(PDFError) {
    for child in children {
      switch child {
      case .text(let text): add(text, style: style, link: link)
      case .element(let markup) where markup.element == .br:
        hasSpace = false
        bytes.append(UInt8(ascii: "\n"))
      case .element(let markup):
        var address = link
        if let href = markup.attributes[.href] {
          address = LinkAddress(href)
          if address == nil { throw markup.error("“\(href)” can’t be linked: it is neither https, http nor mailto") }
        }
        try add(markup.children, style: style.inside(markup), link: address)
      }
    }
  }

  private mutating func add(_ text: [UInt8], style: Style, link: LinkAddress?) {
    var start = bytes.count
    let text = style.numbersPages ? numbers.map { $0.filled(into: text) } ?? text : text
    for byte in text {
      if byte == UInt8(ascii: "\n"), style.keepsLines {
        hasSpace = false
        if !bytes.isEmpty { bytes.append(byte) }
      } else if byte.isSpace {
        hasSpace = true
      } else {
        if hasSpace, let last = bytes.last, last != UInt8(ascii: "\n") {
          bytes.append(UInt8(ascii: " "))
          // A space between two looks belongs to neither: links and lines below them don't begin with one.
          if start == bytes.count - 1 { start = bytes.count }
        }
        hasSpace = false
        bytes.append(byte)
      }
    }
    if bytes.count > start, style != self.style || link != nil {
      spans.append(Span(range: start..<bytes.count, style: style, link: link))
    }
  }
}

/// The number of a page, and how many there are.
struct PageNumbers: Sendable {
  let page: Int
  let pages: Int

  func filled(into text: [UInt8]) -> [UInt8] {
    let text = String(decoding: text, as: UTF8.self)
    var result = ""
    var rest = text[...]
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      rest = rest[brace...]
      if rest.hasPrefix("{page}") {
        result += String(page)
        rest = rest.dropFirst(6)
      } else if rest.hasPrefix("{pages}") {
        result += String(pages)
        rest = rest.dropFirst(7)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return Array((result + rest).utf8)
  }
}
