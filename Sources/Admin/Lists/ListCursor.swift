import Base

/// Where a page of a list begins: the sort value and row number of the record just outside it. Paging by key, so page 20,000 costs what page 1 costs.
package struct ListCursor: Equatable {
  package let value: String
  package let seq: Int

  /// The value of what a search finds although it is only similar: it comes after what has the words.
  static let similar = "~"

  package init(value: String, seq: Int) {
    self.value = value
    self.seq = seq
  }

  /// Reads a cursor out of a URL; `nil` for anything that isn't one.
  package init?(_ text: String) {
    guard text.utf8.count <= 2_000, let bytes = Base64URL.decode(text), let dot = bytes.firstIndex(of: UInt8(ascii: ".")),
      let seq = Int(String(decoding: bytes[..<dot], as: UTF8.self)), let value = String(validating: bytes[(dot + 1)...], as: UTF8.self)
    else { return nil }
    self.init(value: value, seq: seq)
  }

  /// The cursor as URLs carry it.
  package var text: String { Base64URL.encode(Array("\(seq).\(value)".utf8)) }
}
