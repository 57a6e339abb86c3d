/// A request's form, field by field and file by file, whatever its type: for handlers that accept files. All others use
/// `Request.form`.
package struct FormEvents {
  private enum Source {
    case fields(ArraySlice<FormFields.Field>)
    case parts(MultipartDecoder, BodyChunks)
  }

  private var source: Source

  /// Starts reading. A request without a body is an empty form.
  package init(_ request: Request) throws(FormError) {
    var chunks = BodyChunks(request.body)
    if chunks.isEmpty {
      source = .fields([])
      return
    }
    let type = MediaType(request.headers["Content-Type"] ?? "")
    switch type.essence {
    case "application/x-www-form-urlencoded":
      source = .fields(try FormDecoder.urlencoded(try chunks.all(atMost: FormLimits.urlencoded.textBytes)).fields[...])
    case "multipart/form-data":
      source = .parts(try MultipartDecoder(boundary: type["boundary"] ?? ""), chunks)
    default:
      throw FormError(.unsupportedType)
    }
  }

  /// The next field or chunk of a file; `nil` at the end of the form.
  package mutating func next() throws(FormError) -> MultipartDecoder.Event? {
    switch source {
    case .fields(var rest):
      guard let field = rest.popFirst() else { return nil }
      source = .fields(rest)
      return .field(field)
    case .parts(var decoder, var chunks):
      // Taken out during the call, so that they have one owner and their buffers are not copied.
      source = .fields([])
      while true {
        if let event = try decoder.next() {
          source = .parts(decoder, chunks)
          return event
        }
        guard let chunk = try chunks.next() else { break }
        decoder.append(chunk)
      }
      try decoder.finish()
      return nil
    }
  }
}
