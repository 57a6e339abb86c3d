/// Runs a program for one page.
final class Machine {
  let context: RenderContext
  /// The program's slots. (Unchecked: nothing holds an access to it across a call, and every evaluation reads it.)
  @exclusivity(unchecked) private(set) var frame: UnsafeMutablePointer<Value>
  /// Where a computed value lies until the next one.
  private let scratch: UnsafeMutablePointer<Value>

  init(context: RenderContext) {
    self.context = context
    scratch = .allocate(capacity: 1)
    scratch.initialize(to: .null)
    frame = scratch
  }

  deinit {
    scratch.deinitialize(count: 1)
    scratch.deallocate()
  }

  /// Appends a page to `out`.
  func render(_ program: Program, page: ViewData, into out: inout ByteBuffer) throws {
    try withUnsafeTemporaryAllocation(of: Value.self, capacity: program.frameSize) { slots in
      slots.initialize(repeating: .null)
      defer { slots.deinitialize() }
      slots[0] = .record(page)
      frame = slots.baseAddress ?? scratch
      defer { frame = scratch }
      try run(program, frame, &out)
    }
  }

  private func run(_ program: Program, _ frame: UnsafeMutablePointer<Value>, _ out: inout ByteBuffer) throws {
    try program.instructions.withUnsafeBufferPointer { instructions in
      try program.texts.withUnsafeBufferPointer { texts in
        var next = 0
        while next < instructions.count {
          let instruction = instructions[next]
          next += 1
          switch instruction.operation {
          case .text:
            out.append(
              UnsafeBufferPointer(rebasing: texts[Int(instruction.target)..<Int(instruction.target + instruction.extra)]))
          case .show: try show(try address(instruction.place, program, frame), instruction, program, &out)
          case .jumpUnless:
            if try !holds(instruction.place, program, frame) { next = Int(instruction.target) }
          case .jump: next = Int(instruction.target)
          case .enterLoop:
            if try !enterLoop(over: instruction.place, Int(instruction.extra), program, frame) { next = Int(instruction.target) }
          case .nextItem:
            if nextItem(frame + Int(instruction.extra)) { next = Int(instruction.target) }
          case .assign: frame[Int(instruction.extra)] = try address(instruction.place, program, frame).pointee
          }
        }
      }
    }
  }

  // MARK: Values

  private func address(_ place: Place, _ program: Program, _ frame: UnsafeMutablePointer<Value>) throws -> UnsafePointer<Value> {
    switch place.kind {
    case .local: return UnsafePointer(frame + Int(place.a))
    case .field: return field(Int(place.b), of: UnsafePointer(frame + Int(place.a)))
    case .fieldOfField: return field(Int(place.c), of: field(Int(place.b), of: UnsafePointer(frame + Int(place.a))))
    case .global: return context.globals.fields + Int(place.a)
    case .fieldOfGlobal: return field(Int(place.b), of: context.globals.fields + Int(place.a))
    case .constant: return program.constants.withUnsafeBufferPointer { $0.baseAddress.map { $0 + Int(place.a) } ?? UnsafePointer(scratch) }
    case .computed:
      scratch.pointee = try program.evaluations[Int(place.a)].value(self)
      return UnsafePointer(scratch)
    }
  }

  /// A field of the record that lies there; null when none does.
  @inline(__always)
  private func field(_ index: Int, of value: UnsafePointer<Value>) -> UnsafePointer<Value> {
    if case .record(let record) = value.pointee { return record.fields + index }
    scratch.pointee = .null
    return UnsafePointer(scratch)
  }

  private func holds(_ place: Place, _ program: Program, _ frame: UnsafeMutablePointer<Value>) throws -> Bool {
    if place.kind == .computed { return try program.evaluations[Int(place.a)].isTrue(self) }
    return try address(place, program, frame).pointee.isTrue
  }

  // MARK: Instructions

  @inline(__always)
  private func show(_ value: UnsafePointer<Value>, _ instruction: Instruction, _ program: Program, _ out: inout ByteBuffer) throws {
    switch value.pointee {
    case .text(let text):
      if instruction.escaping == .url, !Escape.isSafeAddress(text) {
        out.append(Escape.blockedAddress)
      } else {
        Escape.html(text, into: &out)
      }
    case .int(let n): out.append(String(n))
    case .html(let html):
      if instruction.escaping == .text {
        html.bytes.withUnsafeBufferPointer { out.append($0) }
      } else {
        Escape.html(html.markup, into: &out)
      }
    case .null: throw program.faults[Int(instruction.extra)]("this value is missing: write |default(\"\") or ask with if")
    case .bool, .list, .record: throw program.faults[Int(instruction.extra)]("this can’t be shown as text")
    }
  }

  private func enterLoop(over place: Place, _ slot: Int, _ program: Program, _ frame: UnsafeMutablePointer<Value>) throws -> Bool {
    let list = try address(place, program, frame)
    guard case .list(let items) = list.pointee, let first = items.first else { return false }
    frame[slot + 3] = list.pointee
    frame[slot + 2] = .int(items.count)
    frame[slot + 1] = .int(0)
    frame[slot] = first
    return true
  }

  @inline(__always)
  private func nextItem(_ slots: UnsafeMutablePointer<Value>) -> Bool {
    guard case .int(let last) = slots[1], case .list(let items) = slots[3], last + 1 < items.count else { return false }
    slots[1] = .int(last + 1)
    slots[0] = items[last + 1]
    return true
  }
}
