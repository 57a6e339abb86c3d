/// What names mean at one place of a template.
struct Scope {
  /// Locals by name: how to get at them, and what they are.
  var locals: [String: (value: Evaluation, kind: Kind)] = [:]
  /// The page's record, if this is a page: its fields are names too.
  var page: (slot: Int, shape: Shape)?
  var loop: Int?
  /// Inside a partial that was called with a body: what `{{ body }}` stands for.
  var body: Body?
  /// Paths that an `if` around this place has found present.
  var present: Set<String> = []
  var nextSlot = 0

  /// Everything that can be said here, for messages.
  func names(_ globals: Shape) -> [String] {
    (page?.shape.fields.map(\.name) ?? []) + locals.keys.sorted() + globals.fields.map(\.name)
  }

  /// The content of a `{% call %}`, and what names mean to it.
  final class Body {
    let content: [Syntax]
    let scope: Scope
    let source: Source

    init(_ content: [Syntax], _ scope: Scope, _ source: Source) {
      self.content = content
      self.scope = scope
      self.source = source
    }
  }
}
