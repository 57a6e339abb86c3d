import Base
package import Templating

/// The address of a web page, with or without its scheme.
package struct WebField: PlainTextKind {
  package init() {}

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField().parse(text)
    if !value.isEmpty, !WebAddress.isPlausible(value.text) { throw InvalidValue(Message("Enter a web address, like https://example.com.")) }
    return value
  }

  package var jsonShape: JSONShape { .optional(.text(atMost: 255)) }

  package func href(_ value: FieldValue) -> String? { value.isEmpty ? nil : WebLink.href(value.text) }

  package func control(_ control: FieldControl) -> ViewData { control.data(mode: "url") }

  package var cell: Column.Kind? { .web }
}

/// Whether a text can be the address of a web page: http or https, or a bare host.
enum WebAddress {
  package static func isPlausible(_ text: String) -> Bool {
    let bytes = text.utf8
    let hasScheme = WebLink.hasScheme(bytes)
    if !hasScheme, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      // `example.com:8080` is a host with a port; `javascript:…` is not.
      let port = bytes[bytes.index(after: colon)...].prefix { $0 != UInt8(ascii: "/") }
      guard port.allSatisfy({ 0x30...0x39 ~= $0 }), bytes[..<colon].contains(UInt8(ascii: ".")) else { return false }
    }
    // What comes behind `http://` or `https://`.
    let address = hasScheme ? bytes.drop { $0 != UInt8(ascii: "/") }.dropFirst(2) : bytes[...]
    let host = address.prefix { !"/?#".utf8.contains($0) }
    return host.contains(UInt8(ascii: "."))
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case " ", "\t", "\n", "\r", "<", ">", "\"": false
        default: scalar.isASCII || !scalar.properties.isWhitespace
        }
      }
  }
}
