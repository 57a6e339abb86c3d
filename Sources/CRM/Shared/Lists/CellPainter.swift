import Base
import Templating

/// Makes template values of a row's cells. On the hot path of every list: one record a cell, nothing looked up by name.
struct CellPainter {
  private let formats: Formats
  private let columns: [Value]

  init(formats: Formats, columns: [Value]) {
    self.formats = formats
    self.columns = columns
  }

  /// The cells after the first, which leads to the record and is the row's title.
  func cells(of row: ListQuery.Row) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(row.cells.count)
    for index in row.cells.indices.dropFirst() { values.append(.record(record(row.cells[index], columns[index]))) }
    return values
  }

  private func record(_ cell: Cell, _ column: Value) -> Record {
    switch cell {
    case .text(let text): return record(column, text)
    case .number(let n): return record(column, formats.number(n))
    case .link(let text, let href): return record(column, text, href: href)
    case .email(let text): return record(column, text, href: text.isEmpty ? nil : "mailto:" + text)
    case .phone(let text): return record(column, text, href: text.isEmpty ? nil : PhoneLink.tel(text))
    case .web(let text): return record(column, text, href: text.isEmpty ? nil : WebLink.href(text))
    case .status(let status): return record(column, formats.status(status), badge: status)
    case .time(let stored): return record(column, formats.day(stored), time: stored)
    case .country(let code): return record(column, formats.country(code))
    }
  }

  /// In the order of `ListPage.cellShape`.
  private func record(_ column: Value, _ text: String, href: String? = nil, badge: String? = nil, time: String? = nil) -> Record {
    Record(ListPage.cellShape) { fields in
      fields.append(column)
      fields.append(.text(text))
      fields.append(href.map { .text($0) } ?? .null)
      fields.append(badge.map { .text($0) } ?? .null)
      fields.append(time.map { .text($0) } ?? .null)
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
