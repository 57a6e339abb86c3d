/// A template specialized for a page: bytes, and between them the variable parts of each row. Labels, URLs,
/// translations and the choice of cell templates are resolved; for each row only copying and escaping is left.
package struct RowTemplate: Sendable {
  private(set) var texts: [UInt8] = []
  private(set) var steps: [Step] = []
  private(set) var writers: [FilterDefinition.Writer] = []
  private(set) var slots: [Slot] = []
  /// The end of the bytes that belong to existing steps.
  private var settled = 0

  /// Literal bytes, and the step after them.
  struct Step: Sendable {
    enum Operation: Sendable {
      case nothing
      /// The text of column `number`.
      case show
      /// The output of filter `filter` for column `number`.
      case write
      /// The value of slot `number`.
      case evaluate
      /// Jumps to step `target` unless column `number` has a text.
      case skipUnless
      /// Jumps to step `target` unless slot `number` is true.
      case skipUnlessHolds
      case skip
    }

    let bytes: Range<Int>
    let operation: Operation
    var escaping = Escaping.text
    var number = 0
    var filter = 0
    var target = 0
  }

  /// Outputs a slot after the bytes written so far.
  mutating func show(_ slot: Slot, _ escaping: Escaping, after written: Int) {
    if slot.filters.isEmpty {
      add(.show, number: slot.column, escaping, after: written)
    } else if slot.filters.count == 1, let writer = slot.filters[0].filter.writer {
      writers.append(writer)
      add(.write, number: slot.column, escaping, after: written)
    } else {
      slots.append(slot)
      add(.evaluate, number: slots.count - 1, escaping, after: written)
    }
  }

  /// Skips what follows if a slot has no text, up to where the returned step is landed.
  mutating func skip(unless slot: Slot, after written: Int) -> Int {
    guard !slot.filters.isEmpty else { return add(.skipUnless, number: slot.column, after: written) }
    slots.append(slot)
    return add(.skipUnlessHolds, number: slots.count - 1, after: written)
  }

  mutating func skip(after written: Int) -> Int { add(.skip, after: written) }

  /// Sets the target of an existing step to the next one.
  mutating func land(_ step: Int, after written: Int) {
    if written > settled { add(.nothing, after: written) }
    steps[step].target = steps.count
  }

  /// Includes all bytes written, also those with nothing after them.
  mutating func finish(_ texts: borrowing ByteBuffer) {
    if texts.count > settled { add(.nothing, after: texts.count) }
    self.texts = texts.bytes
  }

  @discardableResult
  private mutating func add(_ operation: Step.Operation, number: Int = 0, _ escaping: Escaping = .text, after written: Int) -> Int {
    steps.append(Step(bytes: settled..<written, operation: operation, escaping: escaping, number: number, filter: writers.count - 1))
    settled = written
    return steps.count - 1
  }
}

/// Renders rows from their bytes, which are read in place.
package struct RowRenderer: ~Copyable {
  /// A row's columns.
  package typealias Row = UnsafeBufferPointer<UnsafeBufferPointer<UInt8>>

  private let template: RowTemplate
  private let page: RowTemplate.Page
  private var out = ByteBuffer(capacity: 60 << 10)
  /// The output of a filter before it is escaped.
  private var filtered = ByteBuffer(capacity: 256)

  package init(_ template: RowTemplate, _ context: RenderContext) {
    self.template = template
    page = RowTemplate.Page(context: context, writes: template.writers.map { RowTemplate.Write(append: $0.make(context)) })
  }

  /// Renders a row; returns its range in `rows`.
  package mutating func render(_ row: Row) throws -> Range<Int> {
    let start = out.count
    try template.render(row, page, into: &out, &filtered)
    return start..<out.count
  }

  /// The rendered rows, in this order.
  package func rows(_ places: [Range<Int>]) -> HTML {
    HTML(
      bytes: [UInt8](unsafeUninitializedCapacity: places.reduce(0) { $0 + $1.count }) { room, count in
        for place in places {
          _ = UnsafeMutableBufferPointer(rebasing: room[count...]).update(fromContentsOf: out[place])
          count += place.count
        }
      })
  }
}

extension RowTemplate {
  /// What is the same for all rows of a page.
  fileprivate struct Page {
    let context: RenderContext
    let writes: [Write]
  }

  /// A struct for the same reason as `FilterDefinition.Writer`.
  fileprivate struct Write {
    let append: FilterDefinition.Write
  }

  fileprivate func render(_ row: RowRenderer.Row, _ page: Page, into out: inout ByteBuffer, _ filtered: inout ByteBuffer) throws {
    try steps.withUnsafeBufferPointer { steps in
      try texts.withUnsafeBufferPointer { texts in
        var next = 0
        while next < steps.count {
          let step = steps[next]
          next += 1
          out.append(UnsafeBufferPointer(rebasing: texts[step.bytes]))
          switch step.operation {
          case .nothing: break
          case .show: Escape.append(row[step.number], step.escaping, to: &out)
          case .write:
            filtered.removeAll()
            page.writes[step.filter].append(row[step.number], &filtered)
            Escape.append(filtered[0..<filtered.count], step.escaping, to: &out)
          case .evaluate: try show(slots[step.number], row, page.context, step.escaping, &out)
          case .skipUnless: if row[step.number].isEmpty { next = step.target }
          case .skipUnlessHolds: if try !value(of: slots[step.number], row, page.context).isTrue { next = step.target }
          case .skip: next = step.target
          }
        }
      }
    }
  }

  private func show(
    _ slot: Slot, _ row: RowRenderer.Row, _ context: RenderContext, _ escaping: Escaping, _ out: inout ByteBuffer
  ) throws {
    guard !out.append(try value(of: slot, row, context), escaping), let last = slot.filters.last else { return }
    throw last.fail("not text")
  }

  /// A slot's text after all its filters.
  private func value(of slot: Slot, _ row: RowRenderer.Row, _ context: RenderContext) throws -> Value {
    var value = Value.text(String(decoding: row[slot.column], as: UTF8.self))
    for step in slot.filters {
      let arguments = try step.arguments.map { argument in
        if case .slot(let slot) = argument { try self.value(of: slot, row, context) } else { argument }
      }
      do {
        value = try step.filter.apply(value, arguments, context)
      } catch let error as FilterError {
        throw step.fail(error.message)
      }
    }
    return value
  }
}
