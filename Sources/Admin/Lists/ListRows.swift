import Base
import Store
package import Templating

/// How a list's rows are shown: `lists/row` or `lists/card`, and in it a template of its own for each kind of column.
enum ListRows {
  /// What a cell shows: its column's text and, where the kind reads two or three columns, the others.
  private static let cellShape = ViewSchema("cell", [("value", .slot), ("second", .slot), ("third", .slot), ("path", .text)])
  /// A cell as its row sees it.
  private static let placeShape = ViewSchema(
    "cell of a row",
    [("column", .text), ("label", .text), ("needsLabel", .bool), ("classes", .text), ("value", .slot), ("content", .fragment)])
  /// A row's first column leads to the record; `cells` are all others.
  private static let shape = ViewSchema(
    "row",
    [
      ("path", .text), ("emblem", .text), ("id", .slot), ("title", .slot), ("cells", .list(.record(placeShape))),
      ("offersRestore", .bool),
    ])

  static let pages = ["lists/row": shape, "lists/card": shape]
  static let cells = Dictionary(Column.Kind.all.map { ($0.cell, cellShape) }) { first, _ in first }

  /// The template for the rows of a page, each of which has all columns that `ListQuery` has read.
  static func template(
    _ list: ListDefinition, _ columns: [Column], _ layout: ListLayout, offersRestore: Bool, in templates: Templates,
    _ context: RenderContext
  ) throws -> RowTemplate {
    var cells: [Value] = []
    var offset = ListQuery.firstCell + (columns.first?.reads.count ?? 0)
    for column in columns.dropFirst() {
      cells.append(.record(try cell(column, at: offset, in: templates, context.language)))
      offset += column.reads.count
    }
    let row = ViewData(
      shape, [.text(list.recordsPath), .text(list.emblem.rawValue), slot(1), slot(ListQuery.firstCell), .list(cells), .bool(offersRestore)])
    return try templates.rows(layout == .cards ? "lists/card" : "lists/row", page: row, context: context)
  }

  private static func cell(_ column: Column, at offset: Int, in templates: Templates, _ language: Language) throws -> ViewData {
    var path = ""
    switch column.kind {
    case .link(let target), .check(let target): path = target
    default: break
    }
    var value = Slot(column: offset)
    if case .value(let kind) = column.kind {
      let shown = FilterDefinition { first, others, context in .text(kind.shown(([first] + others).map(\.text), context.formats)) }
      value = value.through(shown, Array(offset + 1..<offset + column.reads.count))
    }
    let last = column.reads.count - 1
    let content = ViewData(cellShape, [.slot(value), slot(offset + min(1, last)), slot(offset + min(2, last)), .text(path)])
    return ViewData(
      placeShape,
      [
        .text(column.id), .text(column.label), .bool(column.needsLabel), .text(column.classes), slot(offset),
        try templates.fragment(column.kind.cell, content, in: language),
      ])
  }

  private static func slot(_ column: Int) -> Value { .slot(Slot(column: column)) }
}

/// The row templates that pages needed so far: they say the same for all who look at the same columns in the same language.
package final class RowTemplates: Sendable {
  package struct Key: Hashable {
    let list: String
    package let columns: [String]
    let layout: ListLayout
    let offersRestore: Bool
    let language: String
  }

  /// While developing, templates change.
  private let keeps: Bool
  private let made = Memo<Key, RowTemplate>(atMost: 500)

  init(keeps: Bool) { self.keeps = keeps }

  package func template(_ key: Key, _ make: () throws -> RowTemplate) rethrows -> RowTemplate {
    try keeps ? made.value(for: key, make) : make()
  }
}
