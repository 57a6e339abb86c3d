/// What names mean at one place of a template.
struct Scope {
  /// Locals by name: where they lie in the frame, and what they are.
  var locals: [String: (slot: Int, kind: Kind)] = [:]
  /// The page's record, if this is a page: its fields are names too.
  var page: (slot: Int, shape: Shape)?
  var loop: Int?
  var hasBody = false
  /// Paths that an `if` around this place has found present.
  var present: Set<String> = []
  var nextSlot = 0

  /// Everything that can be said here, for messages.
  func names(_ globals: Shape) -> [String] {
    (page?.shape.fields.map(\.name) ?? []) + locals.keys.sorted() + globals.fields.map(\.name)
  }
}
