import Base
package import Store
import Templating

/// What a list may show of a record: where it is read from, how it reads, how it sorts. A class, since pages hand it on by the hundred and it never
/// changes.
package final class Column: Sendable {
  /// The name in URLs, stored views and CSV headers.
  package let id: String
  let label: String
  let kind: Kind
  /// The SQL columns that a cell is made of, in order. One, for most kinds.
  package let reads: [String]
  /// What is read instead for somebody who may not see all that the cell names; as many. `nil` where that is the same.
  let within: (@Sendable (RecordReach) -> [SQL]?)?
  let sort: Sort?
  /// A required column is always shown, first.
  let isRequired: Bool
  /// Whether it shows a field of the record alone, which can be changed in the list.
  let isEditable: Bool

  /// What a value is, and so how it is written.
  package enum Kind: Sendable {
    case text
    case number
    case email
    /// As it was typed, and what is dialed.
    case phone
    /// The address of a website, with or without its scheme.
    case web
    /// A status with its badge.
    case status
    /// A moment as it is stored, fixed-width UTC text.
    case time
    /// A day in the calendar, `2026-11-20`.
    case date
    /// An ISO 3166 code, shown with the country's name.
    case country
    /// Another record: its name, its id, 1 if it is in the trash, and the path that its id is put to.
    case link(path: String)
    /// What its kind makes of it for people.
    case value(any FieldKind)
    /// Tags: a line for each, the number of its colour and its name.
    case tags
    /// A button that ticks a record off, or opens it again. Its columns: the id, where it can be done; `yes` for what is done.
    case check(path: String)

    /// The template of its cells.
    package var cell: String {
      switch self {
      case .text: "cells/text"
      case .number: "cells/number"
      case .email: "cells/email"
      case .phone: "cells/phone"
      case .web: "cells/web"
      case .status: "cells/status"
      case .time: "cells/time"
      case .date: "cells/date"
      case .country: "cells/country"
      case .link: "cells/link"
      case .value: "cells/text"
      case .tags: "cells/tags"
      case .check: "cells/check"
      }
    }

    /// One of each.
    static let all: [Kind] = [
      .text, .number, .email, .phone, .web, .status, .time, .date, .country, .link(path: ""), .tags, .check(path: ""),
    ]
  }

  /// How a column sorts.
  package struct Sort: Sendable {
    let key: Key
    /// The index over status, the key and the row's number, without the table's name before it: `by_name`. It is named to the database, which
    /// would rather sort a million rows than not use an index that has all columns of the page. Without one only so many rows can be sorted.
    let index: String?

    package init(key: Key, index: String?) { (self.key, self.index) = (key, index) }

    /// What is compared, and where records without a value go: to the end, whichever way the list is sorted.
    package struct Key: Sendable {
      /// An SQL column or an expression over columns of the table.
      let expression: String
      var isNumber = false
      /// Times and numbers are most useful from the top.
      var startsDescending = false
      package let empty: FieldPlace.Empty

      package init(_ expression: String, isNumber: Bool = false, startsDescending: Bool = false, empty: FieldPlace.Empty) {
        self.expression = expression
        self.isNumber = isNumber
        self.startsDescending = startsDescending
        self.empty = empty
      }
    }
  }

  package init(
    _ id: String, _ label: String, _ kind: Kind = .text, reads: [String]? = nil, sort: Sort? = nil, isRequired: Bool = false,
    isEditable: Bool = false, within: (@Sendable (RecordReach) -> [SQL]?)? = nil
  ) {
    self.id = id
    self.label = label
    self.kind = kind
    self.reads = reads ?? [id]
    self.sort = sort
    self.isRequired = isRequired
    self.isEditable = isEditable
    self.within = within
  }

  /// The same with another way to sort.
  func sorted(by sort: Sort?) -> Column {
    Column(id, label, kind, reads: reads, sort: sort, isRequired: isRequired, isEditable: isEditable, within: within)
  }

  /// Whether it is for those alone who may change what the list shows.
  var isAct: Bool { if case .check = kind { true } else { false } }

  /// Whether its values are numbers, which line up at the end of the cell.
  var isNumber: Bool {
    switch kind {
    case .number: true
    case .value(let kind): kind.isNumber
    default: false
    }
  }

  /// How much room its values want, as `list.css` calls it: none of a number, a date or a phone number may be cut, an address may take two lines, and
  /// texts get what is left.
  var width: String {
    switch kind {
    case .email: "two-lines"
    case .phone: "firm-xl"
    case .time, .date: "firm-l"
    case .number, .status, .check: "firm-s"
    case .value(let kind): kind.columnWidth
    case .link, .web, .tags: "roomy"
    case .text, .country: ""
    }
  }

  /// The classes of its heading and its cells.
  var classes: String { [isNumber ? "number" : "", width].filter { !$0.isEmpty }.joined(separator: " ") }

  /// Whether a value says nothing without its heading, as where a phone shows a row without one.
  var needsLabel: Bool {
    switch kind {
    case .time, .date, .number, .value: true
    default: false
    }
  }

  /// What is above its cells in a spreadsheet.
  func spreadsheetHeadings(_ language: Language) -> [String] {
    if case .value(let kind) = kind { kind.spreadsheetHeadings(label, language) } else { [language.text(label)] }
  }

  /// The value as a spreadsheet shows it; its columns begin at `offset`.
  func spreadsheetCells(_ row: borrowing Row, at offset: Int, _ formats: Formats) -> [String] {
    switch kind {
    case .value(let kind): kind.spreadsheetCells(kind.value(row, at: offset), formats)
    case .status: [formats.status(row.text(offset))]
    case .time: [formats.minute(row.text(offset))]
    case .country: [formats.country(row.text(offset))]
    case .check: [row.text(offset + 1).isEmpty ? "" : formats.language.text("Yes")]
    default: [plain(row, at: offset)]
    }
  }

  /// The value as exports have it; its columns begin at `offset`.
  func plain(_ row: borrowing Row, at offset: Int) -> String {
    switch kind {
    case .check: row.text(offset + 1)
    case .value(let kind): kind.text(kind.value(row, at: offset))
    case .tags:
      row.text(offset).split(separator: "\n").map { $0.drop { $0 != " " }.dropFirst() }.joined(separator: ", ")
    default: row.text(offset)
    }
  }
}

/// A column that a list has besides those of its record type's fields, with how it is filtered and sorted.
package struct ListColumn: Sendable {
  let column: Column
  let field: ListField

  /// `resource` is what one has to see besides the list.
  package init(_ column: Column, _ comparison: some Comparison, _ place: FieldPlace, index: FieldIndex? = nil, resource: Resource? = nil) {
    field = ListField(name: column.id, label: column.label, comparison: comparison, place: place, index: index, resource: resource)
    self.column = column.sorted(by: field.sort)
  }

  /// A column of moments.
  static func time(_ name: String, _ label: String, index: String) -> ListColumn {
    ListColumn(
      Column(name, label, .time), DateComparison(ofMoments: true), FieldPlace(column: name, empty: .never), index: .sorted(index))
  }
}
