import Web

/// The cookie that holds a browser's secret, `browserToken`.
package enum SessionCookie {
  private static let plain = "roost_session"
  /// Browsers take a cookie with this prefix only over TLS, for this host alone and the whole site: no neighbouring host and nobody in between can
  /// plant one (RFC 6265bis §4.1.3.2).
  private static let tls = "__Host-roost_session"

  static func name(isSecure: Bool) -> String { isSecure ? tls : plain }

  /// What a request brings.
  package enum Found: Sendable, Equatable {
    case none
    case token(String)
    /// Two secrets: which of them is the browser's own can't be told.
    case several
  }

  /// A cookie of the other name, alone, counts for nothing: a browser that comes over TLS for the first time gets a new secret and signs in once.
  static func find(in cookies: Cookies, isSecure: Bool) -> Found {
    let found = cookies.all(plain).count + cookies.all(tls).count
    guard found <= 1 else { return .several }
    guard let token = cookies[name(isSecure: isSecure)], token.utf8.count == 43 else { return .none }
    return .token(token)
  }

  static func set(_ token: String, isSecure: Bool) -> SetCookie {
    SetCookie(name(isSecure: isSecure), token, maxAge: SessionLife.longest, secure: isSecure)
  }

  /// Takes back the cookie of the other name, if the browser has one.
  static func takingBackTheOther(_ cookies: Cookies, isSecure: Bool) -> SetCookie? {
    let other = name(isSecure: !isSecure)
    return cookies[other] == nil ? nil : SetCookie(other, "", maxAge: 0, secure: !isSecure)
  }

  /// Takes back every session cookie that could have come with a request for this path of this host. One that was planted may hold for a part of the
  /// site or for all of its domain, and only a cookie of the same name, path and domain takes its place.
  static func takingBackAll(path: [String], host: String?) -> [SetCookie] {
    var paths = ["/"]
    for depth in 1...3 where depth <= path.count {
      let prefix = "/" + path.prefix(depth).joined(separator: "/")
      if prefix.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ";") }) { paths += [prefix, prefix + "/"] }
    }
    let labels = (host ?? "").prefix { $0 != ":" }.split(separator: ".").map(String.init)
    let isName =
      labels.count > 1
      && labels.allSatisfy {
        $0.utf8.allSatisfy { $0 == UInt8(ascii: "-") || Character(UnicodeScalar($0)).isLetter || Character(UnicodeScalar($0)).isNumber }
      }
    let domains: [String?] = [nil] + (isName ? (0...labels.count - 2).suffix(3).map { labels.dropFirst($0).joined(separator: ".") } : [])
    var cookies = [SetCookie(tls, "", maxAge: 0, secure: true)]
    for path in paths {
      for domain in domains {
        var cookie = SetCookie(plain, "", maxAge: 0, secure: false)
        cookie.path = path
        cookie.domain = domain
        cookies.append(cookie)
      }
    }
    return cookies
  }
}

extension RequestContext {
  /// Makes the browser carry this token from now on.
  func carry(_ token: String) {
    browserToken = token
    cookies.append(SessionCookie.set(token, isSecure: isSecure))
  }
}
