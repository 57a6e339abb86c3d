import Synchronization

/// A text that templates translate, and its position.
package struct TemplateMessage: Sendable {
  package let text: String
  package let plural: String?
  package let template: String
  package let line: Int
}

/// All templates of a program, parsed, checked against their pages' schemas, and compiled. Immutable.
package struct TemplateSet: Sendable {
  private let pages: [String: CompiledPage]
  /// Every literal text that the templates pass to `t`.
  package let messages: [TemplateMessage]

  /// From sources by template name, `contacts/list`. `fragments` are those that others embed.
  package init(
    sources: [String: String], filters: [String: FilterDefinition] = [:], globals: ViewSchema, pages: [String: ViewSchema],
    fragments: [String: ViewSchema] = [:]
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
    var compiled: [String: CompiledPage] = [:]
    let schemas = pages.merging(fragments) { page, _ in page }
    for (name, schema) in schemas.sorted(by: { $0.key < $1.key }) {
      if let program = fragments[name] == nil ? compiler.page(name, schema) : compiler.fragment(name, schema) {
        compiled[name] = CompiledPage(program, schema)
      } else if sources[name] == nil {
        errors.append(
          TemplateError(
            "missing template\(Spelling.suggestion(for: name, among: Array(sources.keys)))", at: Position(),
            in: Source(name: name, text: "")))
      }
    }
    errors += compiler.errors
    if errors.isEmpty {
      for (name, template) in parsed.sorted(by: { $0.key < $1.key }) where !compiler.used.contains(name) {
        errors.append(TemplateError("unused template", at: Position(), in: template.source))
      }
    }
    guard errors.isEmpty else { throw TemplateErrors(errors: errors) }
    self.pages = compiled
    messages = compiler.messages
  }

  /// A page, in the buffer in which it was rendered.
  package func render(_ template: String, page: ViewData, context: RenderContext) throws -> ByteBuffer {
    let program = try program(template, for: page, in: context.language)
    // Large enough for most pages. (A block of 64 KiB or more would make every free() consolidate the whole heap.)
    var buffer = ByteBuffer(capacity: 60 << 10)
    try Machine(context: context).render(program, page: page, into: &buffer)
    return buffer
  }

  /// The row template of a page: the template as far as the page and its frame determine it.
  package func rows(_ template: String, page: ViewData, context: RenderContext) throws -> RowTemplate {
    try Machine(context: context).rows(of: try program(template, for: page, in: context.language), page: page)
  }

  /// A template to be embedded by another one.
  package func fragment(_ template: String, _ data: ViewData, in language: Language) throws -> Value {
    .fragment(Fragment(program: try program(template, for: data, in: language), page: data))
  }

  private func program(_ template: String, for page: ViewData, in language: Language) throws -> Program {
    guard let known = pages[template] else {
      throw TemplateError("unknown page", at: Position(), in: Source(name: template, text: ""))
    }
    precondition(page.schema === known.schema, "the page \(template) is rendered with \(page.schema.name)")
    return known.program(in: language)
  }
}

/// A program with its schema, and its variants for the languages used so far.
private final class CompiledPage: Sendable {
  let schema: ViewSchema
  private let program: Program
  private let settled = Mutex<[(language: Language, program: Program)]>([])

  init(_ program: Program, _ schema: ViewSchema) { (self.program, self.schema) = (program, schema) }

  func program(in language: Language) -> Program {
    settled.withLock { settled in
      if let known = settled.first(where: { $0.language === language }) { return known.program }
      let program = program.settled(in: language)
      settled.append((language, program))
      return program
    }
  }
}
