import Base
import Store

/// What a list may show of a record: where it is read from, how it reads, how it sorts.
struct Column: Sendable {
  /// The name in URLs, stored views and CSV headers.
  let id: String
  let label: String
  /// The SQL columns that `cell` reads, in order.
  let reads: [String]
  let sort: Sort?
  /// A required column is always shown, first.
  let isRequired: Bool
  /// Makes the cell from the row; the `Int` is where this column's values begin in it.
  let cell: @Sendable (borrowing Row, Int) -> Cell

  /// How a column sorts: by one indexed SQL column that is never NULL.
  struct Sort: Sendable {
    let column: String
    var isNumber = false
    /// Times and numbers are most useful from the top.
    var startsDescending = false
  }

  init(
    _ id: String, _ label: String, reads: [String], sort: Sort? = nil, isRequired: Bool = false,
    cell: @escaping @Sendable (borrowing Row, Int) -> Cell
  ) {
    self.id = id
    self.label = label
    self.reads = reads
    self.sort = sort
    self.isRequired = isRequired
    self.cell = cell
  }

  /// A column of plain text.
  static func text(_ id: String, _ label: String, sort: Sort? = nil) -> Column {
    Column(id, label, reads: [id], sort: sort) { .text($0.text($1)) }
  }

  /// A column of moments, newest first.
  static func time(_ id: String, _ label: String) -> Column {
    Column(id, label, reads: [id], sort: Sort(column: id, startsDescending: true)) { .time($0.text($1)) }
  }
}

/// One cell of a list, before it knows whether it becomes HTML or CSV.
enum Cell: Sendable {
  case text(String)
  case number(Int)
  case link(String, href: String)
  case email(String)
  case phone(String)
  case web(String)
  /// A status with its badge.
  case status(String)
  /// A moment as it is stored, fixed-width UTC text.
  case time(String)
  /// An ISO 3166 code, shown with the country's name.
  case country(String)

  /// The cell as exports have it.
  var plain: String {
    switch self {
    case .text(let text), .link(let text, _), .email(let text), .phone(let text), .web(let text), .status(let text), .time(let text),
      .country(let text):
      text
    case .number(let n): String(n)
    }
  }
}
