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
  private let programs: [String: Program]
  private let settled = SettledPrograms()
  private let shapes: [String: ViewSchema]
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
    var programs: [String: Program] = [:]
    let shapes = pages.merging(fragments) { page, _ in page }
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      if let program = fragments[name] == nil ? compiler.page(name, shape) : compiler.fragment(name, shape) {
        programs[name] = program
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
    self.programs = programs
    self.shapes = shapes
    messages = compiler.messages
  }

  /// Appends a page to `out`.
  package func render(_ template: String, page: ViewData, context: RenderContext, into out: inout [UInt8]) throws {
    let program = try program(template, for: page, in: context.language)
    // Most pages fit. (A block of 64 KiB or more would make every free() tidy the whole heap.)
    var buffer = ByteBuffer(capacity: 60 << 10)
    try Machine(context: context).render(program, page: page, into: &buffer)
    if out.isEmpty { out = buffer.bytes } else { out += buffer.bytes }
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
    guard let program = programs[template], let shape = shapes[template] else {
      throw TemplateError("there is no page of this name", at: Position(), in: Source(name: template, text: ""))
    }
    precondition(page.shape === shape, "the page \(template) is rendered with a \(page.shape.name)")
    return settled.program(program, in: language)
  }
}

/// The programs for the languages that were asked for so far.
private final class SettledPrograms: Sendable {
  private struct Key: Hashable {
    let program: ObjectIdentifier
    let language: ObjectIdentifier
  }

  /// With the languages, so that no other one gets their places.
  private let programs = Mutex<[Key: (language: Language, program: Program)]>([:])

  func program(_ program: Program, in language: Language) -> Program {
    let key = Key(program: ObjectIdentifier(program), language: ObjectIdentifier(language))
    if let known = programs.withLock({ $0[key]?.program }) { return known }
    let settled = program.settled(in: language)
    programs.withLock { $0[key] = (language, settled) }
    return settled
  }
}
