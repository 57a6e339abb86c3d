/// A `Content-Type` header: `multipart/form-data; boundary="x y"` (RFC 9110 §8.3).
package struct MediaType {
  /// Type and subtype, in lower case.
  package let essence: String
  let parameters: [(name: String, value: String)]

  package init(_ header: String) {
    var pieces = HeaderParameters(header)
    essence = pieces.word().lowercased()
    parameters = pieces.rest()
  }

  subscript(_ name: String) -> String? { parameters.first { $0.name == name }?.value }
}
