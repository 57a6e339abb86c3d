/// A text that every row has and no page knows: the column of the row it stands in, and the filters that it goes through.
///
/// A template may show it, filter it, hand it to a partial, and ask with `if` whether there is one. Everything else about a row is the same on the
/// whole page and is worked out before the first row comes.
package struct Slot: Sendable {
  let column: Int
  var filters: [Step] = []

  /// A filter on its way.
  struct Step: Sendable {
    let filter: FilterDefinition
    /// Constants of the page, or other slots of the row.
    let arguments: [Value]
    let fail: Program.Fault
  }

  /// The text in this column of a row, counted from 0.
  package init(column: Int) { self.column = column }

  /// The same after a filter that the program brings, which has an answer to everything; its arguments are other columns of the row.
  package func through(_ filter: FilterDefinition, _ columns: [Int] = []) -> Slot {
    var slot = self
    let nowhere = Source(name: "the program", text: "")
    slot.filters.append(
      Step(filter: filter, arguments: columns.map { .slot(Slot(column: $0)) }, fail: { TemplateError($0, at: Position(), in: nowhere) }))
    return slot
  }
}

/// A template together with what it shows, to be put into another one: how a row shows cells of kinds that it doesn't know.
package struct Fragment: Sendable {
  let program: Program
  let page: ViewData
}
