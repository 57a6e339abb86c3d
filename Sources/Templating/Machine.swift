/// Runs a program for one page, or the part of it that is the same for all rows.
final class Machine {
  let context: RenderContext
  /// The program's slots. (Unchecked: nothing holds an access to it across a call, and every evaluation reads it.)
  @exclusivity(unchecked) private(set) var frame: UnsafeMutablePointer<Value>
  /// Holds a computed value until the next one.
  private let scratch: UnsafeMutablePointer<Value>
  /// The steps for rows, while a row template is rendered.
  private var rows: RowTemplate?

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
      let outer = frame
      frame = slots.baseAddress ?? scratch
      defer { frame = outer }
      try run(program, 0..<program.end, frame, &out)
    }
  }

  /// The remainder of a template once everything that is the same for every row is rendered.
  func rows(of program: Program, page: ViewData) throws -> RowTemplate {
    var texts = ByteBuffer(capacity: 4 << 10)
    rows = RowTemplate()
    try render(program, page: page, into: &texts)
    rows?.finish(texts)
    return rows ?? RowTemplate()
  }

  private func run(
    _ program: Program, _ range: Range<Int>, _ frame: UnsafeMutablePointer<Value>, _ out: inout ByteBuffer
  ) throws {
    try program.instructions.withUnsafeBufferPointer { instructions in
      try program.texts.withUnsafeBufferPointer { texts in
        var next = range.lowerBound
        while next < range.upperBound {
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
          case .showSlot:
            let slot = try slot(instruction, program, frame)
            rows?.show(slot, instruction.escaping, after: out.count)
          case .splitUnless:
            let slot = try slot(instruction, program, frame)
            // The branch ends with a jump over the other one.
            let otherwise = Int(instruction.target)
            let end = Int(instructions[otherwise - 1].target)
            let skip = rows?.skip(unless: slot, after: out.count)
            try run(program, next..<otherwise - 1, frame, &out)
            let leave = end > otherwise ? rows?.skip(after: out.count) : nil
            if let skip { rows?.land(skip, after: out.count) }
            try run(program, otherwise..<end, frame, &out)
            if let leave { rows?.land(leave, after: out.count) }
            next = end
          case .renderFragment:
            guard case .fragment(let fragment) = try address(instruction.place, program, frame).pointee else {
              throw program.faults[Int(instruction.extra)]("not a template")
            }
            try render(fragment.program, page: fragment.page, into: &out)
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
    case .global: return context.globals.place(of: Int(place.a))
    case .fieldOfGlobal: return field(Int(place.b), of: context.globals.place(of: Int(place.a)))
    case .constant: return program.constants.withUnsafeBufferPointer { $0.baseAddress.map { $0 + Int(place.a) } ?? UnsafePointer(scratch) }
    case .computed:
      scratch.pointee = try program.evaluations[Int(place.a)].value(self)
      return UnsafePointer(scratch)
    }
  }

  /// A field of the record in a slot; null if there is no record.
  @inline(__always)
  private func field(_ index: Int, of value: UnsafePointer<Value>) -> UnsafePointer<Value> {
    if case .record(let record) = value.pointee { return record.place(of: index) }
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
    guard !out.append(value.pointee, instruction.escaping) else { return }
    if case .null = value.pointee {
      throw program.faults[Int(instruction.extra)]("missing value: use |default(\"\") or test it with if")
    }
    throw program.faults[Int(instruction.extra)]("not text")
  }

  private func slot(_ instruction: Instruction, _ program: Program, _ frame: UnsafeMutablePointer<Value>) throws -> Slot {
    guard rows != nil, case .slot(let slot) = try address(instruction.place, program, frame).pointee else {
      throw program.faults[Int(instruction.extra)]("only available in a row template")
    }
    return slot
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

extension ByteBuffer {
  /// Appends an escaped value; `false` if it can't be shown.
  @inline(__always)
  mutating func append(_ value: borrowing Value, _ escaping: Escaping) -> Bool {
    switch value {
    case .text(let text): text.withBytes { Escape.append($0, escaping, to: &self) }
    case .int(let n): append(n)
    case .html(let html) where escaping == .text: html.bytes.withUnsafeBufferPointer { append($0) }
    case .html(let html): html.bytes.withUnsafeBufferPointer { Escape.html($0, into: &self) }
    case .null, .bool, .list, .record, .slot, .fragment: return false
    }
    return true
  }
}
