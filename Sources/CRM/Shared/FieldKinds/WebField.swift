import Base
import Templating

/// The address of a web page, with or without its scheme.
struct WebField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField().parse(text)
    if !text.isEmpty, !WebAddress.isPlausible(text) { throw InvalidValue(Message("Enter a web address, like https://example.com.")) }
    return value
  }

  func href(_ value: FieldValue) -> String? { value.isEmpty ? nil : WebLink.href(value.text) }

  func control(_ control: FieldControl) -> ViewData { control.data(mode: "url") }

  var cell: Column.Kind? { .web }
}

/// Whether a text can be the address of a web page: http or https, or a bare host.
enum WebAddress {
  static func isPlausible(_ text: String) -> Bool {
    let lower = text.lowercased()
    if lower.contains(":"), !lower.hasPrefix("http://"), !lower.hasPrefix("https://") {
      // `example.com:8080` is a host with a port; `javascript:…` is not.
      guard let colon = lower.firstIndex(of: ":"), lower[lower.index(after: colon)...].prefix(while: { $0 != "/" }).allSatisfy(\.isNumber),
        lower[..<colon].contains(".")
      else { return false }
    }
    let host = lower.replacingPrefix("https://").replacingPrefix("http://").prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return host.contains(".") && !text.contains { $0.isWhitespace || $0 == "<" || $0 == ">" || $0 == "\"" }
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
