import CXML2

/// An HTML page, parsed by libxml2 without network, external entities or entity substitution. Bound to the thread that
/// created it; its tree is freed with its last node.
package final class HTMLDocument {
  /// The parser's errors, as `line 12: …`. Elements newer than libxml2's HTML 4 tables are not errors.
  package let errors: [String]

  private let tree: xmlDocPtr?

  /// Parses UTF-8 bytes. Never fails: malformed pages give a tree as in browsers, and `errors`.
  package init(_ bytes: [UInt8]) {
    let (tree, errors) = HTMLParser.parse(bytes)
    self.tree = tree
    self.errors = errors
  }

  /// Parses a text.
  package convenience init(_ text: String) { self.init(Array(text.utf8)) }

  deinit { if let tree { xmlFreeDoc(tree) } }

  /// The `<html>` element; nil for an empty page.
  package var root: HTMLNode? {
    tree.flatMap { xmlDocGetRootElement($0) }.map { HTMLNode($0, of: self) }
  }

  /// The first match of the XPath expression, in document order. A malformed expression is a programming error and
  /// traps.
  package func first(_ xpath: String) -> HTMLNode? { all(xpath).first }

  /// Every match of the XPath expression, in document order. A malformed expression is a programming error and traps.
  package func all(_ xpath: String) -> [HTMLNode] { elements(xpath, from: nil) }

  func elements(_ xpath: String, from node: xmlNodePtr?) -> [HTMLNode] {
    guard let tree, let context = xmlXPathNewContext(tree) else { return [] }
    defer { xmlXPathFreeContext(context) }
    context.pointee.node = node ?? xmlDocGetRootElement(tree)
    let (found, complaints) = ErrorCollector.collect { xmlXPathEvalExpression(xpath, context) }
    guard let found else { preconditionFailure("not an XPath expression: \(xpath) \(complaints.map(\.text))") }
    defer { xmlXPathFreeObject(found) }
    guard let set = found.pointee.nodesetval?.pointee, let nodes = set.nodeTab else { return [] }
    return (0..<Int(set.nodeNr)).compactMap { nodes[$0] }.filter { $0.pointee.type == XML_ELEMENT_NODE }.map { HTMLNode($0, of: self) }
  }
}
