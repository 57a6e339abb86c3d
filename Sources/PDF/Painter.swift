import CPango

/// Draws marks on the pages of a PDF.
final class Painter {
  private let surface: OpaquePointer
  private let cairo: OpaquePointer
  private let output: Output
  /// The open tags, from the outermost.
  private var open: [Tag] = []

  private final class Output { var bytes: [UInt8] = [] }

  init(_ paper: Paper) throws(PDFError) {
    let output = Output()
    let write: cairo_write_func_t = { closure, data, count in
      guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
      Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue().bytes += UnsafeBufferPointer(start: data, count: Int(count))
      return CAIRO_STATUS_SUCCESS
    }
    guard let surface = cairo_pdf_surface_create_for_stream(write, Unmanaged.passUnretained(output).toOpaque(), paper.width, paper.height),
      let cairo = cairo_create(surface)
    else { throw .failed("surface") }
    (self.output, self.surface, self.cairo) = (output, surface, cairo)
  }

  deinit {
    cairo_destroy(cairo)
    cairo_surface_destroy(surface)
  }

  func set(_ entry: cairo_pdf_metadata_t, _ text: String) { cairo_pdf_surface_set_metadata(surface, entry, text) }

  func draw(_ strip: Strip, x: Double, y: Double) {
    for mark in strip.marks {
      move(to: mark.tag)
      draw(mark.content, x: x + mark.x, y: y + mark.y)
    }
  }

  /// What is repeated on every page is part of no tag, so none stays open.
  func endPage() {
    move(to: nil)
    cairo_show_page(cairo)
  }

  /// The file.
  func finish() throws(PDFError) -> [UInt8] {
    cairo_surface_finish(surface)
    for status in [cairo_status(cairo), cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
      throw .failed(String(cString: cairo_status_to_string(status)))
    }
    return output.bytes
  }

  /// Closes and opens tags until exactly this one and what it is in are open.
  private func move(to tag: Tag?) {
    if open.last === tag { return }
    let path = tag.map { Array(sequence(first: $0, next: \.parent)).reversed() } ?? []
    var common = 0
    while common < open.count, common < path.count, open[common] === path[common] { common += 1 }
    while open.count > common { cairo_tag_end(cairo, open.removeLast().name) }
    for tag in path[common...] {
      cairo_tag_begin(cairo, tag.name, "")
      open.append(tag)
    }
  }

  private func draw(_ content: Mark.Content, x: Double, y: Double) {
    switch content {
    case .line(let paragraph, let line): draw(line, of: paragraph, x: x, y: y)
    case .fill(let color, let width, let height):
      set(color)
      cairo_rectangle(cairo, x, y, width, height)
      cairo_fill(cairo)
    case .picture(let picture, let width, let height):
      cairo_save(cairo)
      cairo_translate(cairo, x, y)
      cairo_scale(cairo, width / Double(picture.width), height / Double(picture.height))
      cairo_set_source_surface(cairo, picture.surface, 0, 0)
      // Not `cairo_paint`, which drops the tags that are open.
      cairo_rectangle(cairo, 0, 0, Double(picture.width), Double(picture.height))
      cairo_fill(cairo)
      cairo_restore(cairo)
    case .code(let code, let side): draw(code, x: x, y: y, side: side)
    }
  }

  private func set(_ color: Color) { cairo_set_source_rgb(cairo, color.red, color.green, color.blue) }

  /// Run by run: each has one colour, and is a link or not.
  private func draw(_ line: Paragraph.Line, of paragraph: Paragraph, x: Double, y: Double) {
    var x = x
    var next = line.pointer.pointee.runs
    while let item = next {
      next = item.pointee.next
      guard let run = item.pointee.data?.assumingMemoryBound(to: PangoGlyphItem.self) else { continue }
      let width = Double(pango_glyph_string_get_width(run.pointee.glyphs)) / Double(PANGO_SCALE)
      let look = paragraph.look(at: Int(run.pointee.item.pointee.offset))
      if let link = look.link { cairo_tag_begin(cairo, CAIRO_TAG_LINK, "uri='\(link.text)'") }
      set(look.color)
      cairo_move_to(cairo, x, y + line.baseline)
      pango_cairo_show_glyph_item(cairo, paragraph.text, run)
      if look.link != nil { cairo_tag_end(cairo, CAIRO_TAG_LINK) }
      x += width
    }
  }

  /// On white, with the margin that readers need: as one shape, so that no hair lines show between modules.
  private func draw(_ code: PDFCode, x: Double, y: Double, side: Double) {
    draw(.fill(.white, width: side, height: side), x: x, y: y)
    cairo_save(cairo)
    cairo_translate(cairo, x, y)
    cairo_scale(cairo, side / Double(code.side), side / Double(code.side))
    for row in 0..<code.size {
      var column = 0
      while column < code.size {
        let start = column
        while column < code.size, code.modules[row * code.size + column] { column += 1 }
        if column > start {
          cairo_rectangle(cairo, Double(start + PDFCode.margin), Double(row + PDFCode.margin), Double(column - start), 1)
        }
        column += 1
      }
    }
    set(.ink)
    cairo_fill(cairo)
    cairo_restore(cairo)
  }
}
