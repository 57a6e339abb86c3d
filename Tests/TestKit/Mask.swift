/// Replaces the values that differ between runs: `{id1}`, `{time1}`, `{cursor1}`, numbered in order of appearance so
/// that equal values stay equal, and `{token}`, `{digest}`, `{request}`, whose values never matter.
package struct Mask: Sendable {
  /// False leaves times alone, for pages with a fixed clock whose formats are under test.
  package var times: Bool

  package init(times: Bool = true) { self.times = times }

  /// The masked text. Idempotent.
  package func apply(to text: String) -> String {
    var text = text
    // Forms carry a random key under this name.
    text.replaceCaptures(of: #/(\s*<input type="hidden" name="form_key" value="[^"]*">)/#) { _ in "" }
    text.replaceCaptures(of: #/name="csrf_token" value="([^"]+)"/#) { _ in "{token}" }
    text.replaceCaptures(of: #/value="([^"]+)" name="csrf_token"/#) { _ in "{token}" }
    text.replaceCaptures(of: #/<meta name="csrf[-_]token" content="([^"]+)"/#) { _ in "{token}" }
    text.replaceCaptures(of: #/\/assets\/([0-9A-Za-z_\-]{6,})\//#) { _ in "{digest}" }
    text.replaceCaptures(of: #/(?:[?&]|&amp;)(?:after|before)=([^&"'<\s]+)/#, by: Numbering("cursor").placeholder)
    let ids = Numbering("id")
    text.replaceCaptures(of: #/\b([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})\b/#) { ids.placeholder(for: $0.lowercased()) }
    // A record's colour is derived from its id.
    text.replaceCaptures(of: #/\b(tint-\d)\b/#) { _ in "{tint}" }
    // The secret in a customer's link.
    text.replaceCaptures(of: #/"\/q\/([0-9A-Za-z_\-]{22})["\/?]/#) { _ in "{token}" }
    if times { maskTimes(in: &text) }
    text.replaceCaptures(of: #/([0-9A-Za-z_\-]{43,})/#) { $0.utf8.count == 43 && Mask.looksRandom($0) ? "{token}" : $0 }
    text.replaceCaptures(of: #/\b([0-9a-f]{32,128})\b/#) { _ in "{token}" }
    text.replaceCaptures(of: #/\b([0-9a-f]{16})\b/#) { Mask.hasLetterAndDigit($0) ? "{request}" : $0 }
    return text
  }

  /// The machine-readable form of a time everywhere, and the visible form in `<time>`.
  private func maskTimes(in text: inout String) {
    let times = Numbering("time")
    text.replaceCaptures(of: #/\b(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+\-]\d\d:?\d\d)?)/#, by: times.placeholder)
    text.replaceCaptures(of: #/<time\b[^>]*>([^<]*)<\/time>/#) { $0.isEmpty ? $0 : "{when}" }
    text.replaceCaptures(of: #/<time\b[^>]* title="([^"]*)"/#) { _ in "{when}" }
  }

  /// A base64url token has upper-case and lower-case letters and digits; a class name of the same length doesn't.
  private static func looksRandom(_ text: String) -> Bool {
    text.contains { ("A"..."Z").contains($0) } && text.contains { ("a"..."z").contains($0) } && text.contains { ("0"..."9").contains($0) }
  }

  /// A sixteen-digit number isn't a request id.
  private static func hasLetterAndDigit(_ text: String) -> Bool {
    text.contains { $0.isLetter } && text.contains { $0.isNumber }
  }
}

/// Assigns each distinct value the next number.
private final class Numbering {
  private let kind: String
  private var numbers: [String: Int] = [:]

  init(_ kind: String) { self.kind = kind }

  func placeholder(for value: String) -> String {
    if value.hasPrefix("{") { return value }
    let number = numbers[value] ?? numbers.count + 1
    numbers[value] = number
    return "{\(kind)\(number)}"
  }
}

extension String {
  /// Replaces the first capture group of each match.
  fileprivate mutating func replaceCaptures(of pattern: Regex<(Substring, Substring)>, by replacement: (String) -> String) {
    var result = ""
    var rest = startIndex
    for match in matches(of: pattern) {
      result += self[rest..<match.output.1.startIndex]
      result += replacement(String(match.output.1))
      rest = match.output.1.endIndex
    }
    self = result + self[rest...]
  }
}
