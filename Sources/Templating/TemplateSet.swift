import Synchronization

/// A text that templates ask to be translated, and where.
package struct TemplateMessage: Sendable {
  package let text: String
  package let plural: String?
  package let template: String
  package let line: Int
}

/// All templates of a program, parsed, checked against the shapes of their pages, and compiled. Immutable.
package struct TemplateSet: Sendable {
  private let pages: [String: CompiledPage]
  /// Every text that the templates give to `t` literally.
  package let messages: [TemplateMessage]

  /// From texts by template name, `contacts/list`. `fragments` are those that others show.
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
    let shapes = pages.merging(fragments) { page, _ in page }
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      if let program = fragments[name] == nil ? compiler.page(name, shape) : compiler.fragment(name, shape) {
        compiled[name] = CompiledPage(program, shape)
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
    self.pages = compiled
    messages = compiler.messages
  }

  /// A page, in the buffer in which it was put together.
  package func render(_ template: String, page: ViewData, context: RenderContext) throws -> ByteBuffer {
    let program = try program(template, for: page, in: context.language)
    // Most pages fit. (A block of 64 KiB or more would make every free() tidy the whole heap.)
    var buffer = ByteBuffer(capacity: 60 << 10)
    try Machine(context: context).render(program, page: page, into: &buffer)
    return buffer
  }

  /// What rows look like on a page: the template as far as the page and its frame decide it.
  package func rows(_ template: String, page: ViewData, context: RenderContext) throws -> RowTemplate {
    try Machine(context: context).rows(of: try program(template, for: page, in: context.language), page: page)
  }

  /// A template to be shown by another one.
  package func fragment(_ template: String, _ data: ViewData, in language: Language) throws -> Value {
    .fragment(Fragment(program: try program(template, for: data, in: language), page: data))
  }

  private func program(_ template: String, for page: ViewData, in language: Language) throws -> Program {
    guard let known = pages[template] else {
      throw TemplateError("there is no page of this name", at: Position(), in: Source(name: template, text: ""))
    }
    precondition(page.shape === known.shape, "the page \(template) is rendered with a \(page.shape.name)")
    return known.program(in: language)
  }
}

/// A program with the shape of what it is given, and the same for each language that it was asked for in so far.
private final class CompiledPage: Sendable {
  let shape: ViewSchema
  private let program: Program
  private let settled = Mutex<[(language: Language, program: Program)]>([])

  init(_ program: Program, _ shape: ViewSchema) { (self.program, self.shape) = (program, shape) }

  func program(in language: Language) -> Program {
    settled.withLock { settled in
      if let known = settled.first(where: { $0.language === language }) { return known.program }
      let program = program.settled(in: language)
      settled.append((language, program))
      return program
    }
  }
}
