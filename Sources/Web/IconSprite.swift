/// Many small SVG icons in one file, each a `<symbol>` that pages show with `<use href="…/icons.svg#pencil">`.
enum IconSprite {
  /// Icons are read as `folder/name.svg`. A missing one becomes an empty symbol: icons on pages have text beside them.
  static func make(folder: String, names: [String]) -> [UInt8] {
    var out = Array("<svg xmlns=\"http://www.w3.org/2000/svg\">\n".utf8)
    for name in names {
      let icon = FolderReader.read("\(folder)/\(name).svg").flatMap(parse)
      out += "<symbol id=\"\(name)\" viewBox=\"\(icon?.viewBox ?? "0 0 16 16")\" fill=\"currentColor\">".utf8
      out += icon?.content ?? []
      out += "</symbol>\n".utf8
    }
    out += "</svg>\n".utf8
    return out
  }

  /// The `viewBox` of the outermost `<svg>` and the markup inside it.
  static func parse(_ bytes: [UInt8]) -> (viewBox: String, content: [UInt8])? {
    guard let open = bytes[...].range(of: "<svg"), let openEnd = bytes[open.upperBound...].firstIndex(of: UInt8(ascii: ">")),
      let close = bytes[openEnd...].lastRange(of: "</svg>")
    else { return nil }
    let attributes = bytes[open.upperBound..<openEnd]
    guard let key = attributes.range(of: "viewBox=\""),
      let end = attributes[key.upperBound...].firstIndex(of: UInt8(ascii: "\""))
    else { return nil }
    let lines = bytes[(openEnd + 1)..<close.lowerBound].split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return (
      String(decoding: attributes[key.upperBound..<end], as: UTF8.self),
      lines.flatMap { $0.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }
    )
  }
}

extension ArraySlice<UInt8> {
  /// The last position of a text.
  fileprivate func lastRange(of text: StaticString) -> Range<Int>? {
    var found = range(of: text)
    while let end = found?.upperBound, let next = self[end...].range(of: text) { found = next }
    return found
  }

  /// The first position of a text.
  fileprivate func range(of text: StaticString) -> Range<Int>? {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard let first = wanted.first else { return nil }
    var rest = self
    while let start = rest.firstIndex(of: first) {
      if self[start...].starts(with: wanted) { return start..<start + wanted.count }
      rest = self[(start + 1)...]
    }
    return nil
  }
}
