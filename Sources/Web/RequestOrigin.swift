/// Which site a request was made from, as far as its browser says: the second look at a post, besides the form's token.
///
/// Browsers say it in two headers that no page's script can set: `Sec-Fetch-Site` (Fetch Metadata; sent over TLS and to localhost) and `Origin`.
package enum RequestOrigin {
  /// Whether a post may have come from a page of this site.
  ///
  /// - `Sec-Fetch-Site` says another site, or another host of this domain: no.
  /// - It says this very origin: yes, whatever `Origin` says. A proxy may have put another `Host` in place of the one that the browser used, and
  ///   pages without a referrer send `Origin: null`.
  /// - Otherwise `Origin` has to name the host that the browser used; `null` names none. Where TLS is known it has to say `https` too.
  /// - Neither is there: a program, or an old browser. Then the token alone decides.
  package static func isOurs(_ headers: Headers, host: String?, isSecure: Bool) -> Bool {
    switch headers["Sec-Fetch-Site"]?.lowercased() {
    case "same-origin": return true
    case "cross-site", "same-site": return false
    // `none` is a person's own doing; what isn't known says nothing.
    default: break
    }
    let origins = headers.all("Origin")
    guard let origin = origins.first else { return true }
    guard origins.count == 1, let host, let given = parse(origin) else { return false }
    if isSecure, given.scheme != "https" { return false }
    return given.authority == authority(host, scheme: given.scheme)
  }

  /// The parts of `https://crm.example.com:8443`; `nil` for `null` and whatever else isn't an origin of the web.
  private static func parse(_ origin: String) -> (scheme: String, authority: String)? {
    for scheme in ["https", "http"] where origin.lowercased().hasPrefix(scheme + "://") {
      let rest = String(origin.dropFirst(scheme.utf8.count + 3))
      guard !rest.isEmpty, !rest.contains("/"), !rest.contains("@") else { return nil }
      return (scheme, authority(rest, scheme: scheme))
    }
    return nil
  }

  /// Host and port in one spelling: in small letters, without the port that goes without saying.
  private static func authority(_ text: String, scheme: String) -> String {
    let text = text.lowercased()
    let usual = scheme == "https" ? ":443" : ":80"
    return text.hasSuffix(usual) ? String(text.dropLast(usual.utf8.count)) : text
  }
}
