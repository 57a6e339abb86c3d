/// Why no PDF can be made.
package enum PDFError: Error, Equatable, Sendable {
  /// The markup is wrong, with the line (from 1) and why.
  case markup(line: Int, String)
  /// An image that is neither a PNG nor a JPEG, or damaged, or too large; by its name.
  case image(String, ImageProblem)
  /// More markup, or more pages, than any document has.
  case tooLarge
  /// The library couldn't write the file, for want of memory.
  case failed(String)

  package enum ImageProblem: Sendable {
    case unknownFormat, damaged, tooManyPixels
  }
}
