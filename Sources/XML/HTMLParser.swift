import CXML2

/// Parses bytes into libxml2's tree, with the few corrections that HTML 5 needs.
enum HTMLParser {
  // Never includes NOENT and DTDLOAD: they would read files that a page names.
  private static let options = Int32(HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_COMPACT.rawValue)

  // libxml2 has to be initialised once before several threads parse or write.
  private static let initialized: Void = xmlInitParser()

  static func initialize() { _ = initialized }

  static func parse(_ bytes: [UInt8]) -> (tree: xmlDocPtr?, errors: [String]) {
    initialize()
    let (tree, complaints) = ErrorCollector.collect {
      bytes.withUnsafeBytes { page in
        htmlReadMemory(page.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(page.count), nil, "UTF-8", options)
      }
    }
    if let root = tree.flatMap({ xmlDocGetRootElement($0) }) { emptyVoidElements(in: root) }
    return (tree, complaints.filter { !$0.isIgnorance }.map { "line \($0.line): \($0.text)" })
  }

  /// libxml2 doesn't know that `<wbr>`, `<source>`, `<track>` and `<embed>` are void and puts what follows inside them:
  /// moves it out.
  private static func emptyVoidElements(in element: xmlNodePtr) {
    var next = element.pointee.children
    while let child = next {
      if child.pointee.type == XML_ELEMENT_NODE {
        if HTMLVocabulary.void.contains(String(cString: child.pointee.name)) {
          while let misplaced = child.pointee.last {
            xmlUnlinkNode(misplaced)
            xmlAddNextSibling(child, misplaced)
          }
        }
        emptyVoidElements(in: child)
      }
      next = child.pointee.next
    }
  }
}

/// An error from libxml2.
struct Complaint {
  let code: UInt32
  let line: Int32
  let text: String

  /// True for "Tag main invalid": the tag is fine, the parser's list is from 1999.
  var isIgnorance: Bool {
    guard code == XML_HTML_UNKNOWN_TAG.rawValue else { return false }
    let words = text.split(separator: " ")
    return words.count == 3 && HTMLVocabulary.isKnown(String(words[1]))
  }
}

/// Collects libxml2's errors while a closure runs. The handler is thread-local in libxml2 and is restored afterwards.
enum ErrorCollector {
  private final class Box { var complaints: [Complaint] = [] }

  static func collect<Result>(_ work: () -> Result) -> (Result, [Complaint]) {
    let box = Box()
    let result = withExtendedLifetime(box) {
      xmlSetStructuredErrorFunc(Unmanaged.passUnretained(box).toOpaque()) { data, error in
        guard let data, let error = error?.pointee, let message = error.message else { return }
        let text = String(cString: message).split(whereSeparator: \.isNewline).joined(separator: " ")
        Unmanaged<Box>.fromOpaque(data).takeUnretainedValue().complaints.append(
          Complaint(code: UInt32(error.code), line: error.line, text: text))
      }
      defer { xmlSetStructuredErrorFunc(nil, nil) }
      return work()
    }
    return (result, box.complaints)
  }
}
