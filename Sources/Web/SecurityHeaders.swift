/// The security headers of every response.
package enum SecurityHeaders {
  /// Everything from this site, nothing inline, no framing.
  private static let contentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    + "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

  private static let fields: [(name: String, value: String)] = [
    ("Content-Security-Policy", contentSecurityPolicy),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    // Pages hold personal data: neither proxies nor browsers store them. Assets set their own value.
    ("Cache-Control", "no-store, private"),
  ]

  /// Adds each of these headers that the response doesn't set itself. Over TLS browsers are told to use nothing else
  /// for this host for a year (RFC 6797), without its subdomains, which may not be ours.
  package static func apply(to response: inout Response, isSecure: Bool = false) {
    for field in fields where response.headers[field.name] == nil { response.headers.add(field.name, field.value) }
    if isSecure { response.headers.set("Strict-Transport-Security", "max-age=31536000") }
  }
}
