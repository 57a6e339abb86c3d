import Base
import Store
import Templating

/// Writes a list's rows, from the database's bytes straight into markup. They are the one piece of a page that is written in code: a page has
/// hundreds of cells, and this way they cost a tenth of what they cost as values for a template.
struct RowRenderer: ~Copyable {
  private let path: String
  private let layout: ListLayout
  private let cells: [Cell]
  private let formats: Formats
  /// What the button says that takes a row out of the trash; `nil` where there is none.
  private let restoring: String?
  private var writer = HTMLWriter()

  /// A cell of every row but the first.
  private struct Cell {
    let kind: Column.Kind
    /// Where its values begin in a row.
    let offset: Int
    /// What stands before it.
    let opening: HTML
  }

  init(_ list: ListDefinition, columns: [Column], layout: ListLayout, offersRestore: Bool, formats: Formats) {
    path = list.path
    self.layout = layout
    self.formats = formats
    restoring = offersRestore ? formats.language.text("Restore") : nil
    var cells: [Cell] = []
    var offset = ListQuery.firstCell + (columns.first?.reads.count ?? 0)
    for column in columns.dropFirst() {
      cells.append(Cell(kind: column.kind, offset: offset, opening: Self.opening(of: column, layout, formats.language)))
      offset += column.reads.count
    }
    self.cells = cells
  }

  private static func opening(of column: Column, _ layout: ListLayout, _ language: Language) -> HTML {
    var writer = HTMLWriter()
    let label = language.text(column.label)
    switch layout {
    case .table where column.needsLabel:
      writer.markup("<td class=\"labelled c-")
      writer.text(column.id)
      writer.markup("\" data-label=\"")
      writer.text(label)
      writer.markup("\">")
    case .table:
      writer.markup("<td class=\"c-")
      writer.text(column.id)
      writer.markup("\">")
    case .cards:
      writer.markup("<dt>")
      writer.text(label)
      writer.markup("</dt><dd>")
    }
    return writer.finish()
  }

  /// A row that `ListQuery` has read. Its first column leads to the record.
  mutating func row(_ row: borrowing Row) -> HTML {
    switch layout {
    case .table:
      writer.markup("<tr class=\"list-row\"><td><div class=\"person\"><span class=\"avatar ")
      writeTitle(row, before: "<a class=\"row-link\" href=\"")
      writer.markup("</a></div></td>")
      writeCells(row, after: "</td>")
      if let restoring {
        writer.markup("<td class=\"row-action-cell\">")
        writeRestoring(restoring, row)
        writer.markup("</td>")
      }
      writer.markup("</tr>\n")
    case .cards:
      writer.markup("<li class=\"list-card\"><div class=\"person\"><span class=\"avatar medium ")
      writeTitle(row, before: "<h2 class=\"person-text\"><a class=\"row-link\" href=\"")
      writer.markup("</a></h2></div><dl>")
      writeCells(row, after: "</dd>")
      writer.markup("</dl>")
      if let restoring { writeRestoring(restoring, row) }
      writer.markup("</li>\n")
    }
    return writer.finish()
  }

  private mutating func writeTitle(_ row: borrowing Row, before link: StaticString) {
    writer.text(row.withUTF8(1) { Tint.of($0) })
    writer.markup("\" aria-hidden=\"true\">")
    writer.text(row.withUTF8(ListQuery.firstCell) { Initials.of($0) })
    writer.markup("</span>")
    writer.markup(link)
    writeAddress(row)
    writer.markup("\">")
    row.withUTF8(ListQuery.firstCell) { writer.text($0) }
  }

  private mutating func writeAddress(_ row: borrowing Row) {
    writer.text(path)
    writer.markup("/")
    row.withUTF8(1) { writer.text($0) }
  }

  /// A button of the form `restore-form` that the page has once, for all rows. Who hears the page is told which record it is for.
  private mutating func writeRestoring(_ label: String, _ row: borrowing Row) {
    writer.markup("<button class=\"button\" type=\"submit\" form=\"restore-form\" formaction=\"")
    writeAddress(row)
    writer.markup("/restore\" aria-label=\"")
    writer.text(label)
    writer.markup(" ")
    row.withUTF8(ListQuery.firstCell) { writer.text($0) }
    writer.markup("\">")
    writer.text(label)
    writer.markup("</button>")
  }

  /// All cells but the first; in a card none that is empty.
  private mutating func writeCells(_ row: borrowing Row, after closing: StaticString) {
    for cell in cells where layout == .table || !row.isEmpty(cell.offset) {
      writer.html(cell.opening)
      writeCell(cell.kind, row, cell.offset)
      writer.markup(closing)
    }
  }

  private mutating func writeCell(_ kind: Column.Kind, _ row: borrowing Row, _ at: Int) {
    switch kind {
    case .text: row.withUTF8(at) { writer.text($0) }
    case .number: writer.text(formats.number(row.int(at)))
    case .words: writer.text(row.text(at).split(separator: ",").joined(separator: ", "))
    case .date: writer.text(formats.date(row.text(at)))
    case .country: writer.text(formats.country(row.text(at)))
    case .email: row.withUTF8(at) { writeLink($0, "mailto:", $0) }
    case .phone:
      row.withUTF8(at) { phone in
        let digits = PhoneLink.digits(phone)
        digits.withUnsafeBufferPointer { writeLink(phone, phone.first == UInt8(ascii: "+") ? "tel:+" : "tel:", $0) }
      }
    case .web: row.withUTF8(at) { writeLink($0, WebLink.hasScheme($0) ? "" : "https://", $0) }
    case .status:
      writer.markup("<span class=\"badge\" data-status=\"")
      row.withUTF8(at) { writer.text($0) }
      writer.markup("\">")
      writer.text(formats.status(row.text(at)))
      writer.markup("</span>")
    case .time:
      writer.markup("<time datetime=\"")
      row.withUTF8(at) { writer.text($0) }
      writer.markup("\">")
      writer.text(formats.day(row.text(at)))
      writer.markup("</time>")
    case .link(let path):
      guard !row.isNull(at + 1) else { return }
      writer.markup("<a href=\"")
      writer.text(path)
      writer.markup("/")
      row.withUTF8(at + 1) { writer.text($0) }
      writer.markup("\">")
      row.withUTF8(at) { writer.text($0) }
      writer.markup("</a>")
    }
  }

  /// A link to an address whose scheme is known to be harmless.
  private mutating func writeLink(_ text: UnsafeBufferPointer<UInt8>, _ scheme: StaticString, _ rest: UnsafeBufferPointer<UInt8>) {
    guard !text.isEmpty else { return }
    writer.markup("<a href=\"")
    writer.markup(scheme)
    writer.text(rest)
    writer.markup("\">")
    writer.text(text)
    writer.markup("</a>")
  }
}
