import Base

/// A cookie: HttpOnly, SameSite.
package struct SetCookie: Sendable, Equatable {
  /// The cookie's name.
  package let name: String
  /// Its value. Bytes that a cookie can't hold (RFC 6265 §4.1.1) are percent-escaped in `text`, so that no value can
  /// inject a header.
  package let value: String
  /// Max-Age in seconds, 0 to delete it, `nil` for a session cookie.
  package let maxAge: Int?
  /// Sent over HTTPS only.
  package let secure: Bool
  /// The path below which it is sent. Another of the same name may be there for a shorter path.
  package var path = "/"
  /// The domain, `nil` for this host only. Only for deleting cookies that others have set.
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
