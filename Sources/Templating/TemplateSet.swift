/// A text that templates ask to be translated, and where.
package struct TemplateMessage: Sendable {
  package let text: String
  package let plural: String?
  package let template: String
  package let line: Int
}

/// All templates of a program, parsed, checked against the shapes of their pages, and compiled. Immutable.
package struct TemplateSet: Sendable {
  private let pages: [String: Program]
  private let shapes: [String: ViewSchema]
  /// Every text that the templates give to `t` literally.
  package let messages: [TemplateMessage]

  /// From texts by template name, `contacts/list`.
  package init(
    sources: [String: String], filters: [String: FilterDefinition] = [:], globals: ViewSchema, pages shapes: [String: ViewSchema]
  ) throws(TemplateErrors) {
    var errors: [TemplateError] = []
    var parsed: [String: ParsedTemplate] = [:]
    for (name, text) in sources.sorted(by: { $0.key < $1.key }) {
      do {
        parsed[name] = try Parser.parse(Source(name: name, text: text))
      } catch {
        errors.append(error)
      }
    }
    let compiler = Compiler(parsed, globals: globals, filters: BuiltinFilters.all.merging(filters) { _, own in own })
    var pages: [String: Program] = [:]
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      if let code = compiler.page(name, shape) {
        pages[name] = code
      } else if sources[name] == nil {
        errors.append(
          TemplateError(
            "this page’s template is missing\(Spelling.suggestion(for: name, among: Array(sources.keys)))", at: Position(),
            in: Source(name: name, text: "")))
      }
    }
    errors += compiler.errors
    if errors.isEmpty {
      for (name, template) in parsed.sorted(by: { $0.key < $1.key }) where !compiler.used.contains(name) {
        errors.append(TemplateError("nothing uses this template", at: Position(), in: template.source))
      }
    }
    guard errors.isEmpty else { throw TemplateErrors(errors: errors) }
    self.pages = pages
    self.shapes = shapes
    messages = compiler.messages
  }

  /// Appends a page to `out`.
  package func render(_ template: String, page: ViewData, context: RenderContext, into out: inout [UInt8]) throws {
    guard let code = pages[template], let shape = shapes[template] else {
      throw TemplateError("there is no page of this name", at: Position(), in: Source(name: template, text: ""))
    }
    precondition(page.shape === shape, "the page \(template) is rendered with a \(page.shape.name)")
    // Most pages fit. (A block of 64 KiB or more would make every free() tidy the whole heap.)
    var buffer = ByteBuffer(capacity: 60 << 10)
    try Machine(context: context).render(code, page: page, into: &buffer)
    if out.isEmpty { out = buffer.bytes } else { out += buffer.bytes }
  }
}
