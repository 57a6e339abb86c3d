import Base
import Store
import Synchronization
import Templating
import Web

/// A list as a CSV file: all its rows in its order, read in pieces, so that any number fits.
enum ListExport {
  /// What the file is for.
  enum Format: String {
    /// For programs: names of fields, exact values.
    case exact
    /// For people, in a spreadsheet.
    case spreadsheet

    init(_ name: String?) throws {
      guard let format = Format(rawValue: name ?? Format.exact.rawValue) else {
        throw HTTPError.badRequest(Message("Unknown format “{name}”.", ["name": name ?? ""]))
      }
      self = format
    }
  }

  /// A server thread makes one piece after the other for all who wait, so each is short.
  private static let rowsAtOnce = 200

  /// With the columns that the visitor sees.
  static func shown(of list: ListDefinition, _ state: ListState, as format: Format, for context: RequestContext) throws -> Response {
    let (user, scope) = (try context.user.id.text, try context.scope(of: list.resource))
    let query = try context.store.read { db in
      let columns = try ColumnView.find(user: user, list: list, in: db).columns.compactMap { list.column($0) }
      return try ListQuery(
        list: list, state: state, columns: columns, scope: scope, reach: try context.reach, moment: context.filterMoment, in: db)
    }
    let formats = format == .spreadsheet ? context.formats.forSpreadsheets : nil
    let heading = formats.map { formats in query.columns.flatMap { $0.spreadsheetHeadings(formats.language) } }
    return try respond(query, heading: heading ?? ["id"] + query.columns.map(\.id), formats, to: context) { walk, db in
      try walk.next(rowsAtOnce, in: db) { row in
        // A file without ids is for reading: an import refuses it, as its texts are not exact.
        var fields = formats == nil ? [row.text(1)] : []
        var offset = ListQuery.firstCell
        for column in query.columns {
          fields += formats.map { column.spreadsheetCells(row, at: offset, $0) } ?? [column.plain(row, at: offset)]
          offset += column.reads.count
        }
        return fields
      }
    }
  }

  /// With all that records hold, as an import reads it back or as people read it.
  static func all(of type: RecordType, _ state: ListState, as format: Format, for context: RequestContext) throws -> Response {
    let (list, scope, reach) = (type.list, try context.scope(of: type.resource), try context.reach)
    let query = try context.store.read { db in
      try ListQuery(list: list, state: state, columns: [], scope: scope, reach: reach, moment: context.filterMoment, in: db)
    }
    let formats = format == .spreadsheet ? context.formats.forSpreadsheets : nil
    let heading = formats.map { formats in
      type.fields.flatMap { $0.kind.spreadsheetHeadings($0.label, formats.language) } + ["Created", "Updated"].map(formats.language.text)
    }
    return try respond(query, heading: heading ?? ["id"] + type.fields.map(\.name) + ["created_at", "updated_at"], formats, to: context) {
      walk, db in
      try walk.next(rowsAtOnce, in: db) { $0.recordID(1) }.compactMap { id in
        guard let record = try RecordStore.find(id, of: type, scope, in: db) else { return nil }
        let values = try zip(type.fields, record.values).map { ($0.kind, try $0.kind.visible($1, within: reach, in: db)) }
        let times = [record.createdAt, record.updatedAt]
        if let formats { return values.flatMap { $0.spreadsheetCells($1, formats) } + times.map(formats.minute) }
        return try [id.text] + values.map { try $0.exported($1, in: db) } + times
      }
    }
  }

  private static func respond(
    _ query: ListQuery, heading: [String], _ formats: Formats?, to context: RequestContext,
    _ rows: @escaping @Sendable (inout ListWalk, Database) throws -> [[String]]
  ) throws -> Response {
    let store = context.services.store
    let walk = Mutex(try store.read { db in try ListWalk(query, in: db) })
    return SpreadsheetFile.response("attachment; filename=\"\(query.list.name).csv\"", heading: heading, formats, from: store) { db in
      try walk.withLock { walk in walk.isDone ? nil : try rows(&walk, db) }
    }
  }
}

/// The rows of a list, piece by piece. Where no index has their order, they are sorted once and not again for each piece.
struct ListWalk {
  private let query: ListQuery
  /// Of the rows that are left, where they had to be sorted.
  private var numbers: ArraySlice<Int>?
  private var cursor: ListCursor?
  private(set) var isDone = false

  init(_ query: ListQuery, in db: Database) throws {
    self.query = query
    numbers = try query.sortedNumbers(in: db)?[...]
  }

  /// The next rows, those that are still there.
  mutating func next<Item>(_ count: Int, in db: Database, _ make: (borrowing Row) throws -> Item) throws -> [Item] {
    if let left = numbers {
      (numbers, isDone) = (left.dropFirst(count), left.count <= count)
      return try query.items(numbered: left.prefix(count), in: db, make)
    }
    let read = try query.items(after: cursor, limit: count, in: db, make)
    (cursor, isDone) = (read.last?.cursor, read.count < count)
    return read.map(\.item)
  }
}
