/// A header that lists what a client accepts with weights: `gzip;q=0.8, *;q=0` (RFC 9110 §12.4.2).
package struct Preferences {
  struct Item: Equatable {
    /// In lower case.
    let name: String
    /// 0 (never) to 1000 (preferred).
    let weight: Int
  }

  let items: [Item]

  /// Parses a header; empty if there is none.
  package init(_ header: String?) {
    items = (header ?? "").split(separator: ",").compactMap { piece in
      var reader = HeaderParameters(String(piece))
      let name = reader.word().lowercased()
      guard !name.isEmpty else { return nil }
      let q = reader.rest().first { $0.name == "q" }?.value
      return Item(name: name, weight: q.map(Self.weight) ?? 1000)
    }
  }

  /// The weight of a name: its own, or else that of `*`, or else `nil`.
  subscript(_ name: String) -> Int? {
    (items.first { $0.name == name } ?? items.first { $0.name == "*" })?.weight
  }

  /// The best of the available language tags, in the given spelling; `nil` if none of them matches. `el-GR` matches
  /// `el` (RFC 4647 §3.4, lookup).
  package func language(among available: [String]) -> String? {
    // Sorting is stable: between equal weights the first one wins.
    for wish in items.filter({ $0.weight > 0 }).sorted(by: { $0.weight > $1.weight }) {
      if wish.name == "*" { return available.first { self[$0.lowercased()] != 0 } }
      var range = wish.name[...]
      while !range.isEmpty {
        if let found = available.first(where: { $0.lowercased() == range }) { return found }
        range = range.lastIndex(of: "-").map { range[..<$0] } ?? ""
      }
    }
    return nil
  }

  /// `0.8` → 800. A malformed number counts as "never", so that nothing is sent that the client may not understand.
  private static func weight(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1"), bytes.count <= 5 else { return 0 }
    if bytes.count > 1, bytes[1] != UInt8(ascii: ".") { return 0 }
    var weight = Int(first - UInt8(ascii: "0")) * 1000
    var unit = 100
    for byte in bytes.dropFirst(2) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return 0 }
      weight += Int(byte - UInt8(ascii: "0")) * unit
      unit /= 10
    }
    return min(weight, 1000)
  }
}
