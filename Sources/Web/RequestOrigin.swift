/// The origin of a request according to the browser: a second check of a post, besides the form's token.
///
/// Browsers state it in two headers that no page's script can set: `Sec-Fetch-Site` (Fetch Metadata; sent over TLS and
/// to localhost) and `Origin`.
package enum RequestOrigin {
  /// Whether a post can have come from a page of this site.
  ///
  /// - `Sec-Fetch-Site` is another site, or another host of this domain: no.
  /// - It is the same origin: yes, whatever `Origin` is. A proxy can have replaced the browser's `Host`, and pages without
  ///   a referrer send `Origin: null`.
  /// - Otherwise `Origin` has to name the host that the browser used; `null` doesn't. If TLS is known it has to be `https` too.
  /// - Neither header is there: a program, or an old browser. Then the token alone decides.
  package static func isOurs(_ headers: Headers, host: String?, isSecure: Bool) -> Bool {
    switch headers["Sec-Fetch-Site"]?.lowercased() {
    case "same-origin": return true
    case "cross-site", "same-site": return false
    // `none` is a direct action of the user; unknown values mean nothing.
    default: break
    }
    let origins = headers.all("Origin")
    guard let origin = origins.first else { return true }
    guard origins.count == 1, let host, let given = parse(origin) else { return false }
    if isSecure, given.scheme != "https" { return false }
    return given.authority == authority(host, scheme: given.scheme)
  }

  /// The address, from its path on, of the page of this site that a link was followed on (`Referer`); `nil` if it is another site's, or unknown. Back and
  /// reload send the same again.
  package static func referer(_ headers: Headers, host: String?, isSecure: Bool) -> String? {
    guard let referer = headers["Referer"], let start = referer.firstRange(of: "://")?.upperBound,
      let slash = referer[start...].firstIndex(of: "/")
    else { return nil }
    switch headers["Sec-Fetch-Site"]?.lowercased() {
    case "same-origin": break
    case "cross-site", "same-site": return nil
    default:
      guard let host, let given = parse(String(referer[..<slash])), given.authority == authority(host, scheme: given.scheme) else {
        return nil
      }
    }
    return String(referer[slash...])
  }

  /// The parts of `https://crm.example.com:8443`; `nil` for `null` and anything else that isn't a web origin.
  private static func parse(_ origin: String) -> (scheme: String, authority: String)? {
    for scheme in ["https", "http"] where origin.lowercased().hasPrefix(scheme + "://") {
      let rest = String(origin.dropFirst(scheme.utf8.count + 3))
      guard !rest.isEmpty, !rest.contains("/"), !rest.contains("@") else { return nil }
      return (scheme, authority(rest, scheme: scheme))
    }
    return nil
  }

  /// Host and port normalized: lower case, without the default port.
  private static func authority(_ text: String, scheme: String) -> String {
    let text = text.lowercased()
    let usual = scheme == "https" ? ":443" : ":80"
    return text.hasSuffix(usual) ? String(text.dropLast(usual.utf8.count)) : text
  }
}
