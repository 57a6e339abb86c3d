/// A text that differs between rows: the row's column and the filters applied to it.
///
/// A template can output it, filter it, pass it to a partial, and test with `if` whether there is one. Everything else
/// about a row is the same on the whole page and is computed before the first row.
package struct Slot: Sendable {
  let column: Int
  var filters: [Step] = []

  /// An applied filter.
  struct Step: Sendable {
    let filter: FilterDefinition
    /// Constants of the page, or other slots of the row.
    let arguments: [Value]
    let fail: Program.Fault
  }

  /// The text in this column of a row, counted from 0.
  package init(column: Int) { self.column = column }

  /// The same after a filter of the program that can't fail; its arguments are other columns of the row.
  package func through(_ filter: FilterDefinition, _ columns: [Int] = []) -> Slot {
    var slot = self
    let nowhere = Source(name: "the program", text: "")
    slot.filters.append(
      Step(filter: filter, arguments: columns.map { .slot(Slot(column: $0)) }, fail: { TemplateError($0, at: Position(), in: nowhere) }))
    return slot
  }
}

/// A template with its data, to be embedded in another one: how a row shows cells of kinds that it doesn't know.
package struct Fragment: Sendable {
  let program: Program
  let page: ViewData
}
