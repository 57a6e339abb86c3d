import CMarkdown
import Synchronization

/// The library's tree of a text, traversed once. Iterative, because nesting can be deeper than the stack.
enum MarkdownTree {
  /// `false` for a text that is nested too deeply: then nothing was visited.
  static func walk(_ source: String, _ context: (MarkdownNode, _ isEntering: Bool) -> Void) -> Bool {
    var source = source
    let measure = source.withUTF8 { MarkdownMeasure($0) }
    guard measure.mayBeRead else { return false }
    _ = extensionsAreReady
    guard let parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8) else { return false }
    defer { cmark_parser_free(parser) }
    let extensions = ["strikethrough"] + (measure.mayHaveTables ? ["table"] : []) + (measure.mayHaveLinks ? ["autolink"] : [])
    for name in extensions {
      if let known = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, known) }
    }
    let tree = parsing.withLock { _ in
      source.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
      }
      return cmark_parser_finish(parser).map { Int(bitPattern: $0) }
    }
    guard let root = tree.flatMap({ OpaquePointer(bitPattern: $0) }) else { return false }
    defer { cmark_node_free(root) }
    guard let steps = cmark_iter_new(root) else { return false }
    defer { cmark_iter_free(steps) }
    while true {
      let event = cmark_iter_next(steps)
      if event == CMARK_EVENT_DONE { return true }
      if let node = cmark_iter_get_node(steps) { context(MarkdownNode(node: node), event == CMARK_EVENT_ENTER) }
    }
  }

  /// One text at a time: the library keeps which characters mean something to extensions in one table for all parsers, and a parser that ends clears it.
  private static let parsing = Mutex(())

  private static let extensionsAreReady: Bool = {
    cmark_gfm_core_extensions_ensure_registered()
    return true
  }()
}

/// A node of the tree, valid during the traversal.
struct MarkdownNode {
  let node: OpaquePointer

  enum Kind: String {
    case document, paragraph, heading, list, item, strong, emph, link, image, text, code, table, strikethrough
    case quote = "block_quote"
    case rule = "thematic_break"
    case codeBlock = "code_block"
    case rawBlock = "html_block"
    case rawInline = "html_inline"
    case softBreak = "softbreak"
    case lineBreak = "linebreak"
    case tableHead = "table_header"
    case tableRow = "table_row"
    case tableCell = "table_cell"
  }

  var kind: Kind? { cmark_node_get_type_string(node).flatMap { Kind(rawValue: String(cString: $0)) } }

  var literal: String { cmark_node_get_literal(node).map { String(cString: $0) } ?? "" }

  var address: String { cmark_node_get_url(node).map { String(cString: $0) } ?? "" }

  var isOrdered: Bool { cmark_node_get_list_type(node) == CMARK_ORDERED_LIST }

  var firstNumber: Int { Int(cmark_node_get_list_start(node)) }

  /// Whether it is a paragraph of a tight list.
  var isTight: Bool {
    guard let parent = cmark_node_parent(node), let list = cmark_node_parent(parent) else { return false }
    return cmark_node_get_list_tight(list) != 0
  }

  var isInTableHead: Bool {
    cmark_node_parent(node).map { MarkdownNode(node: $0).kind == .tableHead } ?? false
  }
}
