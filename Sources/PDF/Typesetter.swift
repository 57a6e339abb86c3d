import CPango

/// Makes paragraphs of one document, with a font map of its own.
final class Typesetter {
  /// Characters that no font has.
  private(set) var missingCharacters = 0

  /// Each takes about two kilobytes until the document is drawn.
  private static let mostParagraphs = 250_000

  private var count = 0
  private let context: OpaquePointer
  private var fonts: [Style: OpaquePointer] = [:]
  private var features: [Bool: OpaquePointer] = [:]

  init(_ map: UnsafeMutablePointer<PangoFontMap>, language: String) throws(PDFError) {
    guard let context = pango_font_map_create_context(map) else { throw .failed("context") }
    self.context = context
    pango_context_set_language(context, pango_language_from_string(language))
    // Hinting and whole pixels are for screens: on paper letters would stand unevenly.
    pango_context_set_round_glyph_positions(context, 0)
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  deinit {
    for font in fonts.values { pango_font_description_free(font) }
    for list in features.values { pango_attr_list_unref(list) }
    g_object_unref(UnsafeMutableRawPointer(context))
  }

  /// Sets a text; nil without one.
  func paragraph(_ text: InlineText) throws(PDFError) -> Paragraph? {
    guard !text.isEmpty else { return nil }
    count += 1
    guard count <= Self.mostParagraphs else { throw .tooLarge }
    guard let layout = pango_layout_new(context) else { throw .failed("layout") }
    let paragraph = Paragraph(layout, style: text.style, spans: text.spans)
    pango_layout_set_font_description(layout, font(text.style))
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    let base = attributes(isTabular: text.style.isTabular)
    if text.spans.isEmpty {
      pango_layout_set_attributes(layout, base)
    } else {
      let list = pango_attr_list_copy(base)
      for span in text.spans { add(span, to: list) }
      pango_layout_set_attributes(layout, list)
      pango_attr_list_unref(list)
    }
    text.bytes.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { pango_layout_set_text(layout, $0.baseAddress, Int32($0.count)) }
    }
    missingCharacters += Int(pango_layout_get_unknown_glyphs_count(layout))
    return paragraph
  }

  private func font(_ style: Style) -> OpaquePointer? {
    if let known = fonts[style] { return known }
    let font = pango_font_description_from_string(FontMaps.families)
    // Absolute: whatever a screen's resolution is.
    pango_font_description_set_absolute_size(font, style.size * Double(PANGO_SCALE))
    pango_font_description_set_weight(font, PangoWeight(rawValue: style.weight.rawValue))
    pango_font_description_set_style(font, style.isItalic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
    fonts[style] = font
    return font
  }

  /// For a whole text.
  private func attributes(isTabular: Bool) -> OpaquePointer? {
    if let known = features[isTabular] { return known }
    let list = pango_attr_list_new()
    // A hyphen in a broken number or address would look like a part of it.
    pango_attr_list_insert(list, pango_attr_insert_hyphens_new(0))
    if isTabular { pango_attr_list_insert(list, pango_attr_font_features_new("tnum=1")) }
    features[isTabular] = list
    return list
  }

  private func add(_ span: InlineText.Span, to list: OpaquePointer?) {
    func insert(_ attribute: UnsafeMutablePointer<PangoAttribute>?) {
      guard let attribute else { return }
      attribute.pointee.start_index = UInt32(span.range.lowerBound)
      attribute.pointee.end_index = UInt32(span.range.upperBound)
      pango_attr_list_insert(list, attribute)
    }
    insert(pango_attr_font_desc_new(font(span.style)))
    if span.style.isTabular { insert(pango_attr_font_features_new("tnum=1")) }
    // Never drawn by the library, but it makes each span a run of its own.
    let color = span.style.color
    insert(pango_attr_foreground_new(UInt16(color.red * 65_535), UInt16(color.green * 65_535), UInt16(color.blue * 65_535)))
  }
}
