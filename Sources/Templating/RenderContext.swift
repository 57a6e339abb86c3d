package import Base

/// What rendering needs besides the page: who it is for and when. Lives for one page.
package struct RenderContext: Sendable {
  package let globals: Record
  package let language: Language
  /// IANA.
  package let timeZone: String
  package let now: Timestamp

  package init(globals: Record, language: Language, timeZone: String = "UTC", now: Timestamp) {
    self.globals = globals
    self.language = language
    self.timeZone = timeZone
    self.now = now
  }
}

/// Where a template is while it renders: its values, its output. Locals lie on one stack; a frame begins at `base`.
final class Machine {
  var out: [UInt8]
  var stack: ContiguousArray<Value> = []
  var base = 0
  var depth = 0
  /// Bodies of the partials that are being called, innermost last: `{{ body }}` renders in its caller's frame.
  var bodies: [(code: Code, base: Int)] = []
  let context: RenderContext

  init(out: consuming [UInt8], context: RenderContext) {
    self.out = out
    self.context = context
    stack.reserveCapacity(64)
  }
}
