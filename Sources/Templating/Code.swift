/// A compiled piece of a template. Nodes are immutable once made, so any number of threads render them at once.
class Code: @unchecked Sendable {
  func render(_ machine: Machine) throws {}
}

final class Sequence: Code, @unchecked Sendable {
  private let parts: ContiguousArray<Code>

  init(_ parts: [Code]) { self.parts = ContiguousArray(parts) }

  override func render(_ machine: Machine) throws {
    for part in parts { try part.render(machine) }
  }
}

final class StaticText: Code, @unchecked Sendable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  override func render(_ machine: Machine) { machine.out.append(contentsOf: bytes) }
}

/// `{{ … }}`
final class Output: Code, @unchecked Sendable {
  private let value: Evaluation
  private let escaping: Escaping
  private let fail: @Sendable (String) -> TemplateError

  init(_ value: Evaluation, _ escaping: Escaping, _ fail: @escaping @Sendable (String) -> TemplateError) {
    self.value = value
    self.escaping = escaping
    self.fail = fail
  }

  override func render(_ machine: Machine) throws {
    switch try value.value(machine) {
    case .text(let text):
      if escaping == .url, !Escape.isSafeAddress(text) {
        machine.out.append(contentsOf: Escape.blockedAddress.utf8)
      } else {
        Escape.html(text, into: &machine.out)
      }
    case .int(let n): machine.out.append(contentsOf: String(n).utf8)
    case .html(let html):
      if escaping == .text {
        machine.out.append(contentsOf: html.markup.utf8)
      } else {
        Escape.html(html.markup, into: &machine.out)
      }
    case .null: throw fail("this value is missing: write |default(\"\") or ask with if")
    case .bool, .list, .record: throw fail("this can’t be shown as text")
    }
  }
}

final class Branches: Code, @unchecked Sendable {
  private let branches: ContiguousArray<(condition: Evaluation, body: Code)>
  private let otherwise: Code

  init(_ branches: [(condition: Evaluation, body: Code)], otherwise: Code) {
    self.branches = ContiguousArray(branches)
    self.otherwise = otherwise
  }

  override func render(_ machine: Machine) throws {
    for branch in branches where try branch.condition.isTrue(machine) { return try branch.body.render(machine) }
    try otherwise.render(machine)
  }
}

final class Loop: Code, @unchecked Sendable {
  private let slot: Int
  private let list: Evaluation
  private let body: Code
  private let empty: Code

  /// The item is in `slot`, the loop's index and count in the two after it.
  init(slot: Int, list: Evaluation, body: Code, empty: Code) {
    self.slot = slot
    self.list = list
    self.body = body
    self.empty = empty
  }

  override func render(_ machine: Machine) throws {
    guard case .list(let items) = try list.value(machine), !items.isEmpty else { return try empty.render(machine) }
    machine.reserve(slot + 3)
    let base = machine.base + slot
    machine.stack[base + 2] = .int(items.count)
    for (index, item) in items.enumerated() {
      machine.stack[base] = item
      machine.stack[base + 1] = .int(index)
      try body.render(machine)
    }
  }
}

final class Assignment: Code, @unchecked Sendable {
  private let slot: Int
  private let value: Evaluation

  init(slot: Int, _ value: Evaluation) {
    self.slot = slot
    self.value = value
  }

  override func render(_ machine: Machine) throws {
    machine.reserve(slot + 1)
    machine.stack[machine.base + slot] = try value.value(machine)
  }
}

/// A call of a partial: its arguments become the first slots of a frame of its own.
final class PartialInvocation: Code, @unchecked Sendable {
  private let target: CompiledPartial
  private let arguments: ContiguousArray<Evaluation>
  private let body: Code?
  private let frameSize: Int
  private let fail: @Sendable (String) -> TemplateError

  init(
    _ target: CompiledPartial, _ arguments: [Evaluation], body: Code?, frameSize: Int, _ fail: @escaping @Sendable (String) -> TemplateError
  ) {
    self.target = target
    self.arguments = ContiguousArray(arguments)
    self.body = body
    self.frameSize = frameSize
    self.fail = fail
  }

  private static let deepest = 100

  override func render(_ machine: Machine) throws {
    guard machine.depth < Self.deepest else { throw fail("partials call each other more than \(Self.deepest) deep") }
    machine.reserve(frameSize)
    let callerBase = machine.base
    let calleeBase = machine.stack.count
    for argument in arguments { machine.stack.append(try argument.value(machine)) }
    if let body { machine.bodies.append((body, callerBase)) }
    machine.base = calleeBase
    machine.depth += 1
    defer {
      machine.depth -= 1
      machine.base = callerBase
      machine.stack.removeSubrange(calleeBase...)
      if body != nil { machine.bodies.removeLast() }
    }
    try target.code.render(machine)
  }
}

/// `{{ body }}` in a partial that was called with one.
final class BodyOutput: Code, @unchecked Sendable {
  override func render(_ machine: Machine) throws {
    guard let (code, base) = machine.bodies.popLast() else { return }
    let own = machine.base
    machine.base = base
    defer {
      machine.base = own
      machine.bodies.append((code, base))
    }
    try code.render(machine)
  }
}

/// A partial compiled for one combination of argument kinds. Filled in after it is made, so that a partial may call itself.
///
/// `@unchecked Sendable`: `code` is written once, while the set is compiled by one thread.
final class CompiledPartial: @unchecked Sendable {
  var code = Code()
}

extension Machine {
  /// Makes sure that the frame has this many slots.
  @inline(__always)
  func reserve(_ slots: Int) {
    while stack.count < base + slots { stack.append(.null) }
  }
}
