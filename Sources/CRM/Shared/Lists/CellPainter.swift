import Base
import Templating

/// Makes template values of a row's cells. On the hot path of every list: one record a cell, nothing looked up by name.
struct CellPainter {
  let formats: Formats
  let path: String
  let columns: [Value]

  mutating func cells(of row: ListQuery.Row, href: String) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(row.cells.count)
    for (index, cell) in row.cells.enumerated() {
      values.append(.record(Record(ListPage.cellShape, record(cell, columns[index], index == 0 ? href : nil))))
    }
    return values
  }

  /// In the order of `ListPage.cellShape`: column, text, href, badge, time. The first cell leads to its record, whatever it shows.
  private func record(_ cell: Cell, _ column: Value, _ recordHref: String?) -> [Value] {
    let own: Value = recordHref.map { .text($0) } ?? .null
    switch cell {
    case .text(let text): return [column, .text(text), own, .null, .null]
    case .number(let n): return [column, .text(formats.number(n)), own, .null, .null]
    case .link(let text, let href): return [column, .text(text), recordHref == nil ? .text(href) : own, .null, .null]
    case .email(let text): return [column, .text(text), recordHref == nil && !text.isEmpty ? .text("mailto:" + text) : own, .null, .null]
    case .phone(let text):
      return [column, .text(text), recordHref == nil && !text.isEmpty ? .text(PhoneLink.tel(text)) : own, .null, .null]
    case .web(let text): return [column, .text(text), recordHref == nil && !text.isEmpty ? .text(WebLink.href(text)) : own, .null, .null]
    case .status(let status): return [column, .text(formats.status(status)), own, .text(status), .null]
    case .time(let stored): return [column, .text(formats.day(stored)), own, .null, .text(stored)]
    case .country(let code): return [column, .text(formats.country(code)), own, .null, .null]
    }
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
