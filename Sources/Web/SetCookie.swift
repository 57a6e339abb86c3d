import Base

/// A cookie for the browser to keep: out of scripts' reach, not sent along with other sites' posts, for the whole site.
package struct SetCookie: Sendable, Equatable {
  /// The cookie's name.
  package let name: String
  /// Its value. Bytes that a cookie can't hold (RFC 6265 §4.1.1) are percent-escaped in `text`, so that no value can add a header.
  package let value: String
  /// Seconds until it is forgotten, 0 to forget it now, `nil` to forget it with the browser's window.
  package let maxAge: Int?
  /// Sent back over HTTPS alone.
  package let secure: Bool
  /// Where it holds. Anything but `/` is for taking back what others have set.
  package var path = "/"
  /// Also for this domain's hosts, `nil` for this host alone. Only for taking back what others have set.
  package var domain: String?

  /// A cookie; `secure` wherever the site runs on HTTPS.
  package init(_ name: String, _ value: String, maxAge: Int?, secure: Bool) {
    self.name = name
    self.value = value
    self.maxAge = maxAge
    self.secure = secure
  }

  /// The value of the `Set-Cookie` header.
  package var text: String {
    let value = PercentEncoding.encode(value) { (0x21...0x7E).contains($0) && !#"",;\"#.utf8.contains($0) }
    var text = "\(name)=\(value); Path=\(path)"
    if let domain { text += "; Domain=\(domain)" }
    if let maxAge { text += "; Max-Age=\(maxAge)" }
    text += "; HttpOnly; SameSite=Lax"
    return secure ? text + "; Secure" : text
  }
}
