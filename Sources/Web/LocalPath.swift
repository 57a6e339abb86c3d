import Base

/// Local URLs, for redirects and `return_to` fields that come back from the browser.
package enum LocalPath {
  /// Whether a browser that is redirected there stays on this site: one slash at the start, and none of the characters
  /// that browsers turn into slashes (`\`) or drop (tabs and line ends).
  package static func isSafe(_ path: String) -> Bool {
    let bytes = path.utf8
    guard bytes.first == UInt8(ascii: "/"), bytes.dropFirst().first != UInt8(ascii: "/") else { return false }
    return path.unicodeScalars.allSatisfy { $0 != "\\" && $0.properties.generalCategory != .control }
  }

  /// The path for a header: spaces and non-ASCII percent-escaped. `/` if it isn't safe.
  static func forHeader(_ path: String) -> String {
    isSafe(path) ? PercentEncoding.encode(path) { (0x21...0x7E).contains($0) } : "/"
  }
}
