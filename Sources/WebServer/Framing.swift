import Web

/// Checks on the head of a request that the library leaves open: anything by which two servers in a row could disagree on where a request ends
/// (RFC 9112 §6.3, §11.2) is refused.
enum Framing {
  /// What is wrong, in a sentence for the sender; `nil` if the head is sound.
  static func problem(_ headers: Headers, version: String) -> String? {
    let lengths = headers.all("Content-Length")
    let encodings = headers.all("Transfer-Encoding")
    if !lengths.isEmpty, !encodings.isEmpty { return "The request has both Content-Length and Transfer-Encoding." }
    if lengths.count > 1 { return "The request has several Content-Length headers." }
    if let length = lengths.first, length.isEmpty || length.utf8.count > 18 || !length.utf8.allSatisfy({ (48...57).contains($0) }) {
      return "Content-Length must be a number."
    }
    if encodings.count > 1 || encodings.first.map({ $0.lowercased() != "chunked" }) == true {
      return "The only Transfer-Encoding understood is chunked."
    }
    if !encodings.isEmpty, version != "HTTP/1.1" { return "Transfer-Encoding needs HTTP/1.1." }
    let hosts = headers.all("Host")
    if hosts.count > 1 { return "The request has several Host headers." }
    if hosts.isEmpty, version == "HTTP/1.1" { return "The Host header is missing." }
    for (name, value) in headers.fields {
      if name.utf8.contains(where: { $0 <= 32 || $0 == 127 }) { return "A header name holds a space or a control character." }
      if value.utf8.contains(where: { $0 == 0 || $0 == 13 || $0 == 10 }) { return "The header \(name) holds a NUL or a line break." }
    }
    return nil
  }

  static func hasBody(_ headers: Headers) -> Bool {
    headers["Transfer-Encoding"] != nil || (headers["Content-Length"].flatMap { Int($0) } ?? 0) > 0
  }
}
