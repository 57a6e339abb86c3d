import Base

/// Writes the queries of addresses.
package enum URLQuery {
  /// The address, which may have a query, with one more name and value that need no escapes.
  static func adding(_ name: String, _ value: String, to address: String) -> String {
    "\(address)\(address.contains("?") ? "&" : "?")\(name)=\(value)"
  }

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
