package import Base

/// Documents as PDF.
package enum PDF {
  /// Draws the markup. The same input gives the same bytes. Can be called by many threads at once.
  ///
  /// `language` is a BCP 47 tag, which scripts that differ between languages depend on. `images` are PNG or JPEG files and `codes` drawn
  /// codes, by the name that an `img` has as its `src`.
  package static func render(
    _ markup: [UInt8], language: String, title: String, author: String, createdAt: Timestamp, images: [String: [UInt8]] = [:],
    codes: [String: PDFCode] = [:]
  ) throws(PDFError) -> PDFFile {
    guard markup.count <= mostBytes else { throw .tooLarge }
    let root = try MarkupParser.parse(markup)
    let name = root.attributes[.paper] ?? "a4"
    guard let paper = Paper(name) else { throw root.error("the paper “\(name)” is unknown: a4 or letter") }
    var pictures: [String: Picture] = [:]
    for (name, bytes) in images { pictures[name] = try Picture(bytes, name: name) }
    let rendering = Rendering(
      root: root, paper: paper, language: language, title: title, author: author, createdAt: createdAt, pictures: pictures, codes: codes)
    if let file = try FontMaps.own.with({ (map) throws(PDFError) in try rendering.file(map, isLastTry: false) }) { return file }
    guard let file = try FontMaps.installed.with({ (map) throws(PDFError) in try rendering.file(map, isLastTry: true) }) else {
      throw .failed("fonts")
    }
    return file
  }

  private static let mostBytes = 16 << 20
}

/// A document.
package struct PDFFile: Sendable {
  package let bytes: [UInt8]
  package let pageCount: Int
  /// How many characters no installed font has: they are boxes on the page.
  package let missingCharacters: Int
}

/// A square of dark and light modules, such as a QR code.
package struct PDFCode: Sendable {
  /// Modules per side, without the margin.
  let size: Int
  let modules: [Bool]

  static let margin = 4

  /// With the margin.
  var side: Int { size + 2 * Self.margin }

  /// `modules` row by row, whether each is dark; there are `size * size`.
  package init(size: Int, modules: [Bool]) {
    precondition(size > 0 && modules.count == size * size, "a code of \(size) modules per side has \(size * size), not \(modules.count)")
    (self.size, self.modules) = (size, modules)
  }
}
