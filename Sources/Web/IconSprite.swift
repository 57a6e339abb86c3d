/// Many small SVG icons in one file, each a `<symbol>` that pages show with `<use href="…/icons.svg#pencil">`.
enum IconSprite {
  /// Icons are read as `folder/name.svg`. One that isn't there becomes an empty symbol: pages have names beside their icons and work without.
  static func make(folder: String, names: [String]) -> [UInt8] {
    var out = "<svg xmlns=\"http://www.w3.org/2000/svg\">\n"
    for name in names {
      let icon = FolderReader.read("\(folder)/\(name).svg").flatMap { parse(String(decoding: $0, as: UTF8.self)) }
      let (viewBox, content) = icon ?? (viewBox: "0 0 16 16", content: "")
      out += "<symbol id=\"\(name)\" viewBox=\"\(viewBox)\" fill=\"currentColor\">\(content)</symbol>\n"
    }
    return Array((out + "</svg>\n").utf8)
  }

  /// The `viewBox` of the outermost `<svg>` and the markup inside it.
  static func parse(_ text: String) -> (viewBox: String, content: String)? {
    guard let open = text.firstRange(of: "<svg"), let openEnd = text[open.upperBound...].firstIndex(of: ">"),
      let close = text.ranges(of: "</svg>").last, openEnd < close.lowerBound
    else { return nil }
    let attributes = text[open.upperBound..<openEnd]
    guard let key = attributes.firstRange(of: "viewBox=\""), let end = attributes[key.upperBound...].firstIndex(of: "\"") else {
      return nil
    }
    let lines = text[text.index(after: openEnd)..<close.lowerBound].split(whereSeparator: \.isNewline)
    let content = lines.map { $0.drop { $0 == " " || $0 == "\t" } }.joined()
    return (String(attributes[key.upperBound..<end]), content)
  }
}
