/// Chooses a language by the `Accept-Language` header (RFC 4647 §3.4, lookup).
package enum AcceptLanguage {
  /// The best of the available tags for this visitor, in the spelling given; `nil` if the header names none of them. `el-GR` is served by `el`.
  package static func preferred(_ header: String?, among available: [String]) -> String? {
    // Sorting is stable: of equal weights the first named wins.
    let items = Preferences(header ?? "").items
    let wishes = items.filter { $0.weight > 0 }.sorted { $0.weight > $1.weight }
    for wish in wishes {
      if wish.name == "*" {
        let refused = items.filter { $0.weight == 0 }.map(\.name)
        return available.first { !refused.contains($0.lowercased()) }
      }
      var range = wish.name[...]
      while !range.isEmpty {
        if let found = available.first(where: { $0.lowercased() == range }) { return found }
        range = range.lastIndex(of: "-").map { range[..<$0] } ?? ""
      }
    }
    return nil
  }
}
