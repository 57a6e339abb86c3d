/// The names visible at a position of a template.
struct Scope {
  /// Locals by name: their place and type.
  var locals: [String: (value: Evaluation, kind: Kind)] = [:]
  /// The page's record, if this is a page: its fields are names too.
  var page: (slot: Int, schema: ViewSchema)?
  var loop: Int?
  /// Inside a partial that was called with a body: the content of `{{ body }}`.
  var body: Body?
  /// Paths that a surrounding `if` has found present.
  var present: Set<String> = []
  var nextSlot = 0

  /// All visible names, for messages.
  func names(_ globals: ViewSchema) -> [String] {
    (page?.schema.fields.map(\.name) ?? []) + locals.keys.sorted() + globals.fields.map(\.name)
  }

  /// The content of a `{% call %}`: inlined where the partial outputs it, with the scope of the call.
  final class Body {
    private(set) var isShown = false
    private let write: (_ nextSlot: Int) -> Void

    init(_ write: @escaping (_ nextSlot: Int) -> Void) { self.write = write }

    func show(nextSlot: Int) {
      isShown = true
      write(nextSlot)
    }
  }
}
