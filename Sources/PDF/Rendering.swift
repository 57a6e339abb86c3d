import Base
import CPango

/// One document on its way to a file.
struct Rendering {
  let root: Markup
  let paper: Paper
  let language: String
  let title: String
  let author: String
  let createdAt: Timestamp
  let pictures: [String: Picture]
  let codes: [String: PDFCode]

  /// Nil if these fonts lack a character and others can be tried.
  func file(_ fonts: UnsafeMutablePointer<PangoFontMap>, isLastTry: Bool) throws(PDFError) -> PDFFile? {
    let typesetter = try Typesetter(fonts, language: language)
    let builder = BlockBuilder(typesetter: typesetter, pictures: pictures, codes: codes)
    var body = root
    body.children = root.children.filter { !$0.isRunning }
    let style = Style().inside(root)
    // Without this the library doesn't say that the file is tagged. Reopened on each page, since what is repeated stays outside.
    let blocks = try builder.group(body, style: style, tag: Tag("Document", in: nil))
    let (header, footer) = (try running(.header), try running(.footer))
    // As wide as page numbers get.
    let most = PageNumbers(page: 888, pages: 888)
    let above = try strip(header, builder, most).map { $0.height + paper.distance } ?? 0
    let below = try strip(footer, builder, most).map { $0.height + paper.distance } ?? 0
    let first = paper.height - paper.top - paper.bottom - below
    guard first - above >= Self.leastHeight else { throw root.error("the header and the footer leave no room") }
    let strips = try blocks.strips(width: paper.measure, page: first - above)
    guard isLastTry || typesetter.missingCharacters == 0 else { return nil }
    let missing = typesetter.missingCharacters
    let pages = try Pagination.pages(of: strips, firstHeight: first, height: first - above)

    let painter = try Painter(paper)
    painter.set(CAIRO_PDF_METADATA_TITLE, title)
    painter.set(CAIRO_PDF_METADATA_AUTHOR, author)
    painter.set(CAIRO_PDF_METADATA_CREATE_DATE, String(createdAt.text.prefix(19)) + "Z")
    for (index, page) in pages.enumerated() {
      let numbers = PageNumbers(page: index + 1, pages: pages.count)
      if index > 0, let strip = try strip(header, builder, numbers) { painter.draw(strip, x: paper.side, y: paper.top) }
      let top = paper.top + (index > 0 ? above : 0)
      for (strip, y) in page.strips { painter.draw(strip, x: paper.side, y: top + y) }
      if let strip = try strip(footer, builder, numbers) {
        painter.draw(strip, x: paper.side, y: paper.height - paper.bottom - strip.height)
      }
      painter.endPage()
    }
    let bytes = try Catalogue.complete(try painter.finish(), language: language)
    return PDFFile(bytes: bytes, pageCount: pages.count, missingCharacters: missing)
  }

  private static let leastHeight = 200.0

  private func running(_ element: Element) throws(PDFError) -> Markup? {
    let all = root.elements.filter { $0.element == element }
    if all.count > 1 { throw all[1].error("there is more than one <\(element.rawValue)>") }
    return all.first
  }

  /// A header or footer.
  private func strip(_ markup: Markup?, _ builder: BlockBuilder, _ numbers: PageNumbers) throws(PDFError) -> Strip? {
    guard let markup else { return nil }
    var builder = builder
    (builder.numbers, builder.isTagged) = (numbers, false)
    let group = try builder.group(markup, style: Style().inside(root).inside(markup), tag: nil)
    return Strip.stacked(try group.strips(width: paper.measure, page: paper.height / 2))
  }
}

extension Markup.Child {
  fileprivate var isRunning: Bool {
    if case .element(let markup) = self { markup.element == .header || markup.element == .footer } else { false }
  }
}
