/// Makes blocks of markup, in the inherited style.
struct BlockBuilder {
  let typesetter: Typesetter
  let pictures: [String: Picture]
  let codes: [String: PDFCode]
  /// For a header or footer.
  var numbers: PageNumbers?
  /// Whether what is made is a part of the text; what is repeated on every page is not.
  var isTagged = true

  /// Everything inside an element, as one block.
  func group(_ markup: Markup, style: Style, tag: Tag?) throws(PDFError) -> GroupBlock {
    GroupBlock(try blocks(markup.children, style: style, tag: tag), box: Box(markup), isBoxed: markup.classes.contains(.box))
  }

  private func tag(_ name: String, in parent: Tag?) -> Tag? { isTagged ? Tag(name, in: parent) : nil }

  /// Texts between the blocks are paragraphs too.
  private func blocks(_ children: [Markup.Child], style: Style, tag: Tag?) throws(PDFError) -> [any Block] {
    var blocks: [any Block] = []
    var texts: [Markup.Child] = []
    func endText() throws(PDFError) {
      if let block = try paragraph(texts, style: style, tag: tag) { blocks.append(block) }
      texts = []
    }
    for child in children {
      if case .element(let markup) = child, !markup.element.isInline {
        try endText()
        if let block = try block(markup, style: style.inside(markup), tag: tag) { blocks.append(block) }
      } else {
        texts.append(child)
      }
    }
    try endText()
    return blocks
  }

  private func block(_ markup: Markup, style: Style, tag: Tag?) throws(PDFError) -> (any Block)? {
    switch markup.element {
    case .h1: return try paragraph(markup.children, style: style, box: Box(markup), tag: tag, name: "H1")
    case .h2: return try paragraph(markup.children, style: style, box: Box(markup), tag: tag, name: "H2")
    case .h3: return try paragraph(markup.children, style: style, box: Box(markup), tag: tag, name: "H3")
    case .p: return try paragraph(markup.children, style: style, box: Box(markup), tag: tag, name: "P")
    case .hr: return RuleBlock(box: Box(markup))
    case .img: return try picture(markup, style: style, tag: tag)
    case .dl: return try pairs(markup, style: style, tag: tag)
    case .table: return try table(markup, style: style, tag: tag)
    case .section where markup.classes.contains(.columns): return try columns(markup, style: style, tag: tag)
    default: return try group(markup, style: style, tag: tag)
    }
  }

  /// `box` and `name` of an element; a text between blocks has none.
  private func paragraph(
    _ children: [Markup.Child], style: Style, box: Box = Box(), tag parent: Tag?, name: String? = nil
  ) throws(PDFError) -> ParagraphBlock? {
    var paragraphs: [Paragraph] = []
    for piece in try InlineText(children, style: style, numbers: numbers).pieces {
      if let paragraph = try typesetter.paragraph(piece) { paragraphs.append(paragraph) }
    }
    if paragraphs.isEmpty { return nil }
    // A cell's own text needs no paragraph in it, which would nearly double the structure of a table.
    let tag = name == nil && parent?.holdsText ?? false ? parent : tag(name ?? "P", in: parent)
    return ParagraphBlock(box: box, paragraphs: paragraphs, tag: tag, isHeading: name?.hasPrefix("H") ?? false)
  }

  private func picture(_ markup: Markup, style: Style, tag parent: Tag?) throws(PDFError) -> PictureBlock {
    guard let name = markup.attributes[.src] else { throw markup.error("<img> needs a src") }
    let content: PictureBlock.Content
    if let picture = pictures[name] {
      content = .picture(picture)
    } else if let code = codes[name] {
      content = .code(code)
    } else {
      throw markup.error("there is no image “\(name)”")
    }
    return PictureBlock(
      box: Box(markup), content: content, alignment: style.alignment, width: try markup.length(.width), height: try markup.length(.height),
      tag: tag("Figure", in: parent))
  }

  private func columns(_ markup: Markup, style: Style, tag: Tag?) throws(PDFError) -> ColumnsBlock {
    var columns: [(width: Length, group: GroupBlock)] = []
    for child in markup.elements {
      guard child.element == .div else { throw child.error("columns are <div>s, not <\(child.element.rawValue)>") }
      columns.append((try child.length(.width) ?? .stretch, try group(child, style: style.inside(child), tag: tag)))
    }
    return ColumnsBlock(box: Box(markup), columns: columns, gap: 24)
  }

  // MARK: Pairs

  /// Labels and values: side by side, or with the class `facts` a label above each value, in a row.
  private func pairs(_ markup: Markup, style: Style, tag parent: Tag?) throws(PDFError) -> any Block {
    let list = tag("L", in: parent)
    var pairs: [(label: Markup, value: Markup)] = []
    let elements = markup.elements
    guard elements.count.isMultiple(of: 2) else { throw markup.error("<dl> needs a <dd> for each <dt>") }
    for index in stride(from: 0, to: elements.count, by: 2) {
      guard elements[index].element == .dt, elements[index + 1].element == .dd else {
        throw elements[index].error("<dl> needs a <dd> after each <dt>")
      }
      pairs.append((elements[index], elements[index + 1]))
    }
    var label = style
    label.color = .muted
    if markup.classes.contains(.facts) {
      label.size = 8
      var columns: [(width: Length, group: GroupBlock)] = []
      for pair in pairs {
        let item = tag("LI", in: list)
        let above = try group(pair.label, style: label.inside(pair.label), tag: tag("Lbl", in: item))
        let below = try group(pair.value, style: style.inside(pair.value), tag: tag("LBody", in: item))
        columns.append((.auto, GroupBlock([above, below], box: Box())))
      }
      return ColumnsBlock(box: Box(markup), columns: columns, gap: 32)
    }
    var rows: [TableBlock.Row] = []
    for pair in pairs {
      let item = tag("LI", in: list)
      let left = try group(pair.label, style: label.inside(pair.label), tag: tag("Lbl", in: item))
      let right = try group(pair.value, style: style.inside(pair.value), tag: tag("LBody", in: item))
      rows.append(
        TableBlock.Row(
          cells: [TableBlock.Cell(column: 0, span: 1, group: left), TableBlock.Cell(column: 1, span: 1, group: right)], kind: .line,
          carry: nil))
    }
    return TableBlock(box: Box(markup), columns: [.auto, .auto], head: [], body: rows, look: .plain, carrying: nil)
  }

  // MARK: Tables

  private struct Column {
    var width = Length.auto
    var markup: Markup?
  }

  private func table(_ markup: Markup, style: Style, tag parent: Tag?) throws(PDFError) -> TableBlock {
    var columns: [Column] = []
    var head: [Markup] = []
    var body: [Markup] = []
    for part in markup.elements {
      switch part.element {
      case .colgroup:
        guard columns.isEmpty else { throw part.error("<table> has one <colgroup>") }
        for column in part.elements { columns.append(Column(width: try column.length(.width) ?? .auto, markup: column)) }
      case .thead: head += part.elements
      default: body += part.elements
      }
    }
    if columns.isEmpty {
      let count = (head + body).map { row in row.elements.reduce(0) { $0 + Self.span(of: $1) } }.max() ?? 0
      columns = Array(repeating: Column(), count: count)
    }
    guard columns.count <= 40 else { throw markup.error("a table has 40 columns at most") }
    let table = tag("Table", in: parent)
    var small = style
    (small.size, small.color, small.weight) = (8, .muted, .medium)
    return TableBlock(
      box: Box(markup), columns: columns.map(\.width), head: try rows(head, columns, style: small, tag: table),
      body: try rows(body, columns, style: style, tag: table), look: Self.look(markup), carrying: carrying(markup, style: style))
  }

  private static func look(_ markup: Markup) -> TableBlock.Look {
    markup.classes.contains(.totals) ? .totals : markup.classes.contains(.plain) ? .plain : .lines
  }

  private func carrying(_ markup: Markup, style: Style) -> TableBlock.Carrying? {
    guard let forward = markup.attributes[.carriedForward], let brought = markup.attributes[.broughtForward] else { return nil }
    return TableBlock.Carrying(forward: forward, brought: brought, style: style, typesetter: typesetter)
  }

  private static func span(of cell: Markup) -> Int {
    cell.attributes[.colspan].flatMap { Int($0) }.map { min(max($0, 1), 1_000) } ?? 1
  }

  private func rows(_ rows: [Markup], _ columns: [Column], style: Style, tag table: Tag?) throws(PDFError) -> [TableBlock.Row] {
    var result: [TableBlock.Row] = []
    result.reserveCapacity(rows.count)
    for row in rows {
      let kind: TableBlock.Row.Kind =
        row.classes.contains(.heading) ? .heading : row.classes.contains(.note) ? .note : row.classes.contains(.grand) ? .grand : .line
      let tag = tag("TR", in: table)
      var cells: [TableBlock.Cell] = []
      var column = 0
      for cell in row.elements {
        let span = Self.span(of: cell)
        guard column + span <= columns.count else { throw cell.error("this row has more cells than the table has columns") }
        // A column's classes are for cells of its own.
        let above = span == 1 ? columns[column].markup.map(style.inside) ?? style : style
        let group = try group(
          cell, style: above.inside(row).inside(cell), tag: self.tag(cell.element == .th ? "TH" : "TD", in: tag))
        cells.append(TableBlock.Cell(column: column, span: span, group: group))
        column += span
      }
      result.append(TableBlock.Row(cells: cells, kind: kind, carry: row.attributes[.carry]))
    }
    return result
  }
}
