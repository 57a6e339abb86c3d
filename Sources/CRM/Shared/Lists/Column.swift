import Base
import Store

/// What a list may show of a record: where it is read from, how it reads, how it sorts.
struct Column: Sendable {
  /// The name in URLs, stored views and CSV headers.
  let id: String
  let label: String
  let kind: Kind
  /// The SQL columns that a cell is made of, in order. All but `link` need one.
  let reads: [String]
  let sort: Sort?
  /// A required column is always shown, first.
  let isRequired: Bool

  /// What a value is, and so how it is written.
  enum Kind: Sendable {
    case text
    case number
    case email
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
    /// Words that are stored with commas between them.
    case words
    /// Another record: its name and its id, and the path that its id is put to.
    case link(path: String)

    /// The template of its cells.
    var cell: String {
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
      case .words: "cells/words"
      case .link: "cells/link"
      }
    }

    /// One of each.
    static let all: [Kind] = [.text, .number, .email, .phone, .web, .status, .time, .date, .country, .words, .link(path: "")]
  }

  /// How a column sorts: by one SQL column that is never NULL.
  struct Sort: Sendable {
    let column: String
    /// The index over status, this column and the row's number, without the table's name before it: `by_name`. It is named to the database, which
    /// would rather sort a million rows than not use an index that has all columns of the page.
    let index: String
    var isNumber = false
    /// Times and numbers are most useful from the top.
    var startsDescending = false
  }

  init(_ id: String, _ label: String, _ kind: Kind = .text, reads: [String]? = nil, sort: Sort? = nil, isRequired: Bool = false) {
    self.id = id
    self.label = label
    self.kind = kind
    self.reads = reads ?? [id]
    self.sort = sort
    self.isRequired = isRequired
  }

  /// A column of moments, newest first.
  static func time(_ id: String, _ label: String) -> Column {
    Column(id, label, .time, sort: Sort(column: id, index: "by_" + id.replacing("_at", with: ""), startsDescending: true))
  }

  /// Whether a value says nothing without its heading, as where a phone shows a row without one.
  var needsLabel: Bool {
    switch kind {
    case .time, .date, .number: true
    default: false
    }
  }

  /// The value as exports have it; its columns begin at `offset`.
  func plain(_ row: borrowing Row, at offset: Int) -> String {
    if case .words = kind { return row.text(offset).split(separator: ",").joined(separator: ", ") }
    return row.text(offset)
  }
}
