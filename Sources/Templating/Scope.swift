/// What names mean at one place of a template.
struct Scope {
  /// Locals by name: how to get at them, and what they are.
  var locals: [String: (value: Evaluation, kind: Kind)] = [:]
  /// The page's record, if this is a page: its fields are names too.
  var page: (slot: Int, shape: ViewSchema)?
  var loop: Int?
  /// Inside a partial that was called with a body: what `{{ body }}` stands for.
  var body: Body?
  /// Paths that an `if` around this place has found present.
  var present: Set<String> = []
  var nextSlot = 0

  /// Everything that can be said here, for messages.
  func names(_ globals: ViewSchema) -> [String] {
    (page?.shape.fields.map(\.name) ?? []) + locals.keys.sorted() + globals.fields.map(\.name)
  }

  /// The content of a `{% call %}`: written out wherever the partial shows it, meaning what it means where the call stands.
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
