/// The headers of a multipart part. All of them are unverified claims of the client.
package struct MultipartPart: Sendable, Equatable {
  /// The form field's name.
  package let name: String
  /// The last component of the file name, without control characters; `nil` for a text field, empty if no file was
  /// chosen.
  package let filename: String?
  /// The client's content type of the file, in lower case without parameters; empty if not given.
  package let contentType: String

  /// Parses the header lines. `filename*` is ignored (RFC 7578 §4.2 forbids it), as are headers without meaning in
  /// forms.
  init(head: some Collection<UInt8>) throws(FormError) {
    let head = try FormText.decode(head, field: nil)
    // Line ends are LF by now. A remaining CR could smuggle a line into whatever repeats a name or a type.
    if head.utf8.contains(UInt8(ascii: "\r")) { throw FormError(.malformed("the head of a part holds a line end that is none")) }
    var disposition: HeaderParameters?
    var contentType = ""
    for line in head.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { throw FormError(.malformed("the head of a part has a line that isn’t a header")) }
      var value = HeaderParameters(String(line[line.index(after: colon)...]))
      switch line[..<colon].lowercased() {
      case "content-disposition": disposition = disposition ?? value
      case "content-type": contentType = value.word().lowercased()
      default: break
      }
    }
    guard var disposition, disposition.word().lowercased() == "form-data" else {
      throw FormError(.malformed("a part is not form data"))
    }
    let parameters = disposition.rest()
    guard let name = parameters.first(where: { $0.name == "name" })?.value else { throw FormError(.malformed("a part has no name")) }
    self.name = name
    filename = parameters.first { $0.name == "filename" }.map { Self.bareName($0.value) }
    self.contentType = contentType
  }

  /// Browsers write a quote in a file name as %22 (HTML §4.10.21.8). Some send a whole path; only its last component is
  /// kept.
  private static func bareName(_ filename: String) -> String {
    let name = filename.split(separator: "%22", omittingEmptySubsequences: false).joined(separator: "\"")
    let last = name.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last.map { String($0) } ?? ""
    return String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.properties.generalCategory != .control }))
  }
}
