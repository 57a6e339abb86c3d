package import Base

/// Documents as PDF: quotes, order confirmations, delivery notes, invoices. Drawn by cairo and pango.
///
/// The markup is a small, strict subset of HTML, made by a template; a browser can show it too. What isn't listed here is an error.
///
///     article               the document: header?, footer?, blocks       data-paper="a4|letter"
///     header, footer        on every page (the header from the second on), blocks
///     h1 h2 h3 p            a text; a heading stays with what follows
///     section div address   blocks, or a text
///     section.columns       its <div>s side by side                      div: data-width
///     dl                    labels and values: dt, dd, dt, dd …
///     table                 colgroup(col)?, thead(tr)?, tbody(tr) …      data-carried-forward, data-brought-forward: both labels
///     col                   its classes are its cells'                   data-width
///     tr                    th, td: blocks, or a text                    data-carry: the table's sum up to here; td th: colspan, scope
///     img                   an image or a code, in its ratio             src, alt, data-width, data-height: at most
///     hr                    a line across
///     strong em small span  parts of a text
///     a                     https, http, mailto                          href
///     br                    a line break
///
/// Widths are `auto` (as wide as the content; the default of `col`), `stretch` (an equal share of the rest; the default of columns),
/// `25mm` or `40%`. Classes:
///
///     muted small large strong       letters
///     right center                   alignment
///     number                         right-aligned, with figures of one width
///     lines                          line breaks of the text are line breaks
///     space tight                    more space above, none
///     keep                           on one page, unless taller than one
///     follows                        on one page with the line before it
///     page-break                     on a new page
///     box                            section, div: on a ground of its own
///     facts                          dl: labels above values, in a row
///     totals                         table: at the right, kept whole, and with the line before it
///     plain                          table: without lines
///     heading note grand             tr: heads the rows below, belongs to the row above, the sum of sums
///     pages                          in header and footer: {page} and {pages} are the numbers
///
/// A table that a page ends in repeats its head on the next; with both labels and the sums of its rows it says what it carries forward. A row
/// is kept whole unless it is taller than a page. Letters are Inter's, or DejaVu's, or of any font installed that has them.
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

  private static let mostBytes = 4 << 20
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
