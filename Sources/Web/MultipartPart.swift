/// What the head of a multipart part says of it. Claims of the sender, all of them.
package struct MultipartPart: Sendable, Equatable {
  /// The form field's name.
  package let name: String
  /// The last piece of the file's name, without control characters; `nil` for a text field, empty where no file was chosen.
  package let filename: String?
  /// The file's type as the sender sees it, in lower case without parameters; empty if not given.
  package let contentType: String

  /// Reads header lines. `filename*` is passed over (RFC 7578 §4.2 forbids it), as are headers that mean nothing in forms.
  init(head: some Collection<UInt8>) throws(FormError) {
    let head = try FormText.decode(head, field: nil)
    // Line ends are LF by now. What is left of CR could only smuggle a line into whatever repeats a name or a type.
    if head.utf8.contains(UInt8(ascii: "\r")) { throw FormError(.malformed("the head of a part holds a line end that is none")) }
    var disposition: HeaderParameters?
    var contentType = ""
    for line in head.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { throw FormError(.malformed("the head of a part holds a line that is no header")) }
      var value = HeaderParameters(String(line[line.index(after: colon)...]))
      switch line[..<colon].lowercased() {
      case "content-disposition": disposition = disposition ?? value
      case "content-type": contentType = value.word().lowercased()
      default: break
      }
    }
    guard var disposition, disposition.word().lowercased() == "form-data" else {
      throw FormError(.malformed("a part of it is not form data"))
    }
    let parameters = disposition.rest()
    guard let name = parameters.first(where: { $0.name == "name" })?.value else { throw FormError(.malformed("a part of it has no name")) }
    self.name = name
    filename = parameters.first { $0.name == "filename" }.map { Self.bareName($0.value) }
    self.contentType = contentType
  }

  /// Browsers write a quote in a file's name as %22 (HTML §4.10.21.8). Some send a whole path; nothing but its last piece is ours to know.
  private static func bareName(_ filename: String) -> String {
    let name = filename.split(separator: "%22", omittingEmptySubsequences: false).joined(separator: "\"")
    let last = name.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last.map { String($0) } ?? ""
    return String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.properties.generalCategory != .control }))
  }
}
