import Base

/// Writes the queries of addresses.
package enum URLQuery {
  /// The path with these names, which need no escapes, and their values.
  package static func append(_ pairs: [(String, String)], to path: String) -> String {
    var address = path
    for (number, pair) in pairs.enumerated() {
      address += number == 0 ? "?" : "&"
      address += pair.0
      address += "="
      address += PercentEncoding.encode(pair.1)
    }
    return address
  }
}
