import Base
import Templating

/// Writes a row's cells. They are the one piece of a page that is written in code: a list has hundreds, and this way they cost a tenth.
struct CellPainter: ~Copyable {
  private let formats: Formats
  private let labels: [String]
  private var writer = HTMLWriter()

  init(formats: Formats, labels: [String]) {
    self.formats = formats
    self.labels = labels
  }

  /// Table cells for all but the first, which leads to the record and is written by the template.
  mutating func tableCells(of row: ListQuery.Row) -> HTML {
    for index in row.cells.indices.dropFirst() {
      writer.markup("<td data-label=\"")
      writer.text(labels[index])
      writer.markup("\">")
      write(row.cells[index])
      writer.markup("</td>")
    }
    return writer.finish()
  }

  /// A card's facts: all but the first, and none that is empty.
  mutating func facts(of row: ListQuery.Row) -> HTML {
    for index in row.cells.indices.dropFirst() where !row.cells[index].plain.isEmpty {
      writer.markup("<dt>")
      writer.text(labels[index])
      writer.markup("</dt><dd>")
      write(row.cells[index])
      writer.markup("</dd>")
    }
    return writer.finish()
  }

  private mutating func write(_ cell: Cell) {
    switch cell {
    case .text(let text): writer.text(text)
    case .number(let n): writer.text(formats.number(n))
    case .country(let code): writer.text(formats.country(code))
    case .link(let text, let href): link(text, to: href)
    case .email(let text): link(text, to: "mailto:" + text)
    case .phone(let text): link(text, to: PhoneLink.tel(text))
    case .web(let text): link(text, to: WebLink.href(text))
    case .status(let status):
      writer.markup("<span class=\"badge\" data-status=\"")
      writer.text(status)
      writer.markup("\">")
      writer.text(formats.status(status))
      writer.markup("</span>")
    case .time(let stored):
      writer.markup("<time datetime=\"")
      writer.text(stored)
      writer.markup("\">")
      writer.text(formats.day(stored))
      writer.markup("</time>")
    }
  }

  private mutating func link(_ text: String, to href: @autoclosure () -> String) {
    guard !text.isEmpty else { return }
    writer.markup("<a href=\"")
    writer.address(href())
    writer.markup("\">")
    writer.text(text)
    writer.markup("</a>")
  }
}

/// `tel:` addresses (RFC 3966): digits and a leading plus.
enum PhoneLink {
  static func tel(_ phone: String) -> String {
    let digits = phone.utf8.filter { $0 >= 48 && $0 <= 57 }
    return (phone.utf8.first == UInt8(ascii: "+") ? "tel:+" : "tel:") + String(decoding: digits, as: UTF8.self)
  }

  /// A chat with this number, as WhatsApp's own links have it.
  static func whatsApp(_ phone: String) -> String {
    "https://wa.me/" + String(decoding: phone.utf8.filter { $0 >= 48 && $0 <= 57 }, as: UTF8.self)
  }
}

/// Addresses that people type without a scheme.
enum WebLink {
  static func href(_ address: String) -> String {
    let lower = address.lowercased()
    return lower.hasPrefix("http://") || lower.hasPrefix("https://") ? address : "https://" + address
  }
}

/// A calm colour for a record's initials, the same one wherever it appears.
enum Tint {
  static let count = 8

  static func of(_ id: String) -> String {
    // The tail of a UUIDv7 is random, so it spreads evenly.
    "tint-" + String(id.utf8.suffix(4).reduce(0) { $0 &* 31 &+ Int($1) } % count)
  }
}
