import Base
import Store
import Templating

/// A row of a list, ready to be shown.
struct ListRow: Sendable {
  let id: String
  /// What the first column says. It leads to the record.
  let title: String
  /// The other columns.
  let cells: HTML
}

/// Writes a row's cells, from the database's bytes straight into markup. They are the one piece of a page that is written in code: a list has
/// hundreds of them, and this way they cost a tenth of what they cost as values for a template.
struct CellPainter: ~Copyable {
  private let columns: [Column]
  private let formats: Formats
  private let layout: ListLayout
  /// What stands before each cell.
  private let openings: [HTML]
  private var writer = HTMLWriter()

  init(columns: [Column], layout: ListLayout, formats: Formats) {
    self.columns = columns
    self.formats = formats
    self.layout = layout
    openings = columns.map { column in
      var writer = HTMLWriter()
      let label = formats.language.text(column.label)
      switch layout {
      case .table where column.needsLabel:
        writer.markup("<td class=\"labelled\" data-label=\"")
        writer.text(label)
        writer.markup("\">")
      case .table: writer.markup("<td>")
      case .cards:
        writer.markup("<dt>")
        writer.text(label)
        writer.markup("</dt><dd>")
      }
      return writer.finish()
    }
  }

  /// A row that `ListQuery` has read: its cells begin at column 3.
  mutating func row(_ row: borrowing Row) -> ListRow {
    var offset = ListQuery.firstCell
    var title = ""
    for index in columns.indices {
      if index == 0 {
        title = columns[index].plain(row, at: offset)
      } else if layout == .table || !row.isEmpty(offset) {
        writer.html(openings[index])
        write(columns[index].kind, row, offset)
        if layout == .table { writer.markup("</td>") } else { writer.markup("</dd>") }
      }
      offset += columns[index].reads.count
    }
    return ListRow(id: row.text(1), title: title, cells: writer.finish())
  }

  private mutating func write(_ kind: Column.Kind, _ row: borrowing Row, _ at: Int) {
    switch kind {
    case .text: row.withUTF8(at) { writer.text($0) }
    case .number: writer.text(formats.number(row.int(at)))
    case .words: writer.text(row.text(at).split(separator: ",").joined(separator: ", "))
    case .country: writer.text(formats.country(row.text(at)))
    case .email: row.withUTF8(at) { link($0, "mailto:", $0) }
    case .phone:
      row.withUTF8(at) { phone in
        let digits = PhoneLink.digits(phone)
        digits.withUnsafeBufferPointer { link(phone, phone.first == UInt8(ascii: "+") ? "tel:+" : "tel:", $0) }
      }
    case .web: row.withUTF8(at) { link($0, WebLink.hasScheme($0) ? "" : "https://", $0) }
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
  private mutating func link(_ text: UnsafeBufferPointer<UInt8>, _ scheme: StaticString, _ rest: UnsafeBufferPointer<UInt8>) {
    guard !text.isEmpty else { return }
    writer.markup("<a href=\"")
    writer.markup(scheme)
    writer.text(rest)
    writer.markup("\">")
    writer.text(text)
    writer.markup("</a>")
  }
}
