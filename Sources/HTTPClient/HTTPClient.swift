import CHTTPClient
import Glibc

/// Requests to other servers.
package enum HTTPClient {
  /// What a server answered.
  package struct Reply: Sendable {
    package let status: Int
    package let milliseconds: Int
    /// The start of its body.
    package let body: [UInt8]

    package init(status: Int, milliseconds: Int, body: [UInt8]) {
      (self.status, self.milliseconds, self.body) = (status, milliseconds, body)
    }
  }

  /// Why there was no answer.
  package enum Failure: Error, Equatable {
    /// Not an http or https address.
    case address
    /// No server has this name.
    case unknownHost(String)
    /// It leads into a network that isn't public.
    case privateAddress(String)
    /// What libcurl says.
    case failed(String, milliseconds: Int)
  }

  /// Whether a text is an http or https address, without user and password.
  package static func isAddress(_ url: String) -> Bool { target(url) != nil }

  /// Posts a body. The name is looked up once, each of its addresses is checked, and only one of those is connected to: a name that leads somewhere else a
  /// moment later gains nothing. Redirects are not followed.
  package static func post(
    _ body: [UInt8], to url: String, headers: [String], allowsPrivate: Bool, timeout milliseconds: Int = 10_000, keeping most: Int = 2_000
  ) throws(Failure) -> Reply {
    guard let target = target(url) else { throw .address }
    let addresses = IPAddress.resolve(target.host)
    guard let first = addresses.first else { throw .unknownHost(target.host) }
    if !allowsPrivate, let other = addresses.first(where: { !$0.isPublic }) { throw .privateAddress(other.text) }
    var reply = roost_http_reply()
    var answer = [UInt8](repeating: 0, count: most)
    withCStrings(headers) { headers in
      roost_http_post(
        url, first.text, headers.baseAddress, headers.count, body, body.count, milliseconds, &answer, most, &reply)
    }
    guard reply.status > 0 else {
      let reason = withUnsafeBytes(of: &reply.error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw .failed(reason, milliseconds: reply.milliseconds)
    }
    return Reply(status: reply.status, milliseconds: reply.milliseconds, body: Array(answer.prefix(reply.size)))
  }

  private static func target(_ url: String) -> (host: String, port: String)? {
    guard url.utf8.count <= 2_000, !url.utf8.contains(where: { $0 <= 32 || $0 == 127 }) else { return nil }
    var target = roost_http_target()
    guard roost_http_parse(url, &target) == 0 else { return nil }
    func text<T>(_ field: inout T) -> String { withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } }
    let host = text(&target.host)
    return (host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host, text(&target.port))
  }

  private static func withCStrings(_ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Void) {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    copies.map { UnsafePointer($0) }.withUnsafeBufferPointer(body)
  }
}
