package import Web
import XML

/// A response as deterministic text: the content of a golden file.
package enum Snapshot {
  /// Status line, the relevant headers, a blank line and the page's `<main>`, pretty-printed and masked (see `Mask`). A
  /// page without `<main>` gives its `<body>`; other content is kept as it is.
  package static func page(response: Response, mask: Mask = Mask()) -> String {
    write(response, mask: mask) { $0.first("//main") ?? $0.first("//body") ?? $0.root }
  }

  /// As `page`, with the whole document: head, sidebar and all.
  package static func layout(_ response: Response, mask: Mask = Mask()) -> String {
    write(response, mask: mask, part: \.root)
  }

  /// The violations of `Rules`, if the body is HTML.
  package static func brokenRules(of response: Response) -> [String] {
    guard response.isHTML, let body = response.bodyBytes, !body.isEmpty else { return [] }
    return Rules.check(String(decoding: body, as: UTF8.self))
  }

  private static func write(_ response: Response, mask: Mask, part: (HTMLDocument) -> HTMLNode?) -> String {
    var text = (["HTTP \(response.status)"] + headers(of: response)).joined(separator: "\n") + "\n"
    guard let body = response.bodyBytes else { return text + "\n(the body's stream failed)\n" }
    if body.isEmpty { return mask.apply(to: text) }
    if response.isHTML, let node = part(HTMLDocument(body)) {
      text += "\n" + prettyPrinted(node)
    } else {
      text += "\n" + String(decoding: body, as: UTF8.self)
    }
    return mask.apply(to: text)
  }

  private static func headers(of response: Response) -> [String] {
    ["Location", "Content-Type", "Cache-Control"].flatMap { name in response.headers.all(name).map { "\(name): \($0)" } }
      + response.headers.all("Set-Cookie").map { "Set-Cookie: \($0.prefix { $0 != "=" })" }
  }
}

extension Response {
  /// True if the Content-Type is `text/html`.
  package var isHTML: Bool { headers["Content-Type"]?.lowercased().hasPrefix("text/html") ?? false }

  /// The whole body, a stream read to its end; nil if the stream throws.
  package var bodyBytes: [UInt8]? {
    switch body {
    case .empty: return []
    case .bytes(let bytes): return bytes
    case .page(let shared), .shared(let shared): return Array(shared.bytes)
    // A file isn't part of a page.
    case .file, .events: return nil
    case .stream(let next):
      var bytes: [UInt8] = []
      do { while let piece = try next() { bytes += piece } } catch { return nil }
      return bytes
    }
  }
}
