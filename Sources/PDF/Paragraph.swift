import CPango

/// A text set in lines. Used by one thread.
final class Paragraph {
  let style: Style
  let spans: [InlineText.Span]
  private let layout: OpaquePointer

  /// Takes over the layout.
  init(_ layout: OpaquePointer, style: Style, spans: [InlineText.Span]) {
    (self.layout, self.style, self.spans) = (layout, style, spans)
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

  struct Line {
    /// Belongs to the paragraph.
    let pointer: UnsafeMutablePointer<PangoLayoutLine>
    let width: Double
    let height: Double
    /// From the line's top.
    let baseline: Double
  }

  /// The text, as the library keeps it.
  var text: UnsafePointer<CChar>? { pango_layout_get_text(layout) }

  /// The width without line breaks of our own.
  private(set) lazy var naturalWidth: Double = {
    var extents = PangoRectangle()
    pango_layout_set_width(layout, -1)
    pango_layout_get_extents(layout, nil, &extents)
    return Double(extents.width) / Double(PANGO_SCALE)
  }()

  /// The lines in a column of this width.
  func lines(width: Double) -> [Line] {
    // What fits anyway isn't broken again: columns of figures are as wide as their widest.
    let isWrapped = naturalWidth > width + 0.01
    pango_layout_set_width(layout, isWrapped ? Int32(max(width, 1) * Double(PANGO_SCALE)) : -1)
    var lines: [Line] = []
    var next = pango_layout_get_lines_readonly(layout)
    while let item = next {
      if let data = item.pointee.data { lines.append(line(data.assumingMemoryBound(to: PangoLayoutLine.self))) }
      next = item.pointee.next
    }
    return lines
  }

  private func line(_ pointer: UnsafeMutablePointer<PangoLayoutLine>) -> Line {
    var extents = PangoRectangle()
    pango_layout_line_get_extents(pointer, nil, &extents)
    let scale = Double(PANGO_SCALE)
    let letters = Double(extents.height) / scale
    // Scripts with marks above and below take what they need.
    let height = max(style.lineHeight, letters)
    return Line(
      pointer: pointer, width: Double(extents.width) / scale, height: height,
      baseline: (height - letters) / 2 - Double(extents.y) / scale)
  }

  /// How a run that begins at this byte looks.
  func look(at offset: Int) -> (color: Color, link: LinkAddress?) {
    guard let span = spans.last(where: { $0.range.contains(offset) }) else { return (style.color, nil) }
    return (span.style.color, span.link)
  }
}
