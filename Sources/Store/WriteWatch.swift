import CSQLite

/// Records which tables and columns the statements of an upgrade write, and refuses those that would end its
/// transaction.
///
/// SQLite's authorizer reports each statement when it is compiled, including those in triggers.
final class WriteWatch {
  /// Means all columns: rows are inserted or deleted.
  private static let all = "*"

  private let database: Database
  private let tablesBefore: Set<String>
  private var step = ""
  /// Whether a conflict clause can delete rows, which SQLite doesn't report.
  private var mayReplace = false
  /// The last step that wrote a column, by table and column.
  private var written: [String: [String: String]] = [:]
  /// The last step that changed a table's definition.
  private var altered: [String: String] = [:]
  /// The last step that changed any table's definition: the new name of a renamed table isn't reported.
  private var renaming = ""
  /// Whether a statement was refused.
  private(set) var hasRefused = false

  init(_ database: Database) throws {
    self.database = database
    tablesBefore = Set(try database.all("SELECT name FROM sqlite_schema WHERE type = 'table'") { Self.fold($0.text(0)) })
    mayReplace = try database.value("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE sql LIKE '%conflict replace%')") == 1
  }

  /// Watches while a step's statements run. `before` is called with each.
  func run(_ step: Migration, before: (Statement) -> Void) throws(StoreError) {
    self.step = step.name
    mayReplace = mayReplace || step.sql.lowercased().contains("replace")
    sqlite3_set_authorizer(
      database.handle,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_OK }
        func text(_ argument: UnsafePointer<CChar>?) -> String { argument.map { String(cString: $0) } ?? "" }
        return Unmanaged<WriteWatch>.fromOpaque(context).takeUnretainedValue().note(action, text(first), text(second))
      }, Unmanaged.passUnretained(self).toOpaque())
    defer { sqlite3_set_authorizer(database.handle, nil, nil) }
    try database.script(step.sql, before: before)
  }

  /// The last step after which rows could violate this foreign key; `nil` if none wrote on either side of it.
  func step(thatMayHaveBroken reference: ForeignKey) -> String? {
    let (child, parent) = (Self.fold(reference.child), Self.fold(reference.parent))
    let keyColumns = reference.key.map { [$0] } ?? written[parent].map { Array($0.keys) } ?? []
    return [
      writer(of: [reference.column], in: child), altered[child], tablesBefore.contains(child) ? nil : renaming,
      writer(of: keyColumns, in: parent),
    ].compactMap(\.self).first
  }

  private func writer(of columns: [String], in table: String) -> String? {
    guard let written = written[table] else { return nil }
    return written[Self.all] ?? columns.compactMap { written[Self.fold($0)] }.first
  }

  private func note(_ action: Int32, _ first: String, _ second: String) -> Int32 {
    switch action {
    case SQLITE_INSERT, SQLITE_DELETE, SQLITE_DROP_TABLE: written[Self.fold(first), default: [:]][Self.all] = step
    case SQLITE_UPDATE: written[Self.fold(first), default: [:]][mayReplace ? Self.all : Self.fold(second)] = step
    // SQLite passes the database first, then the table.
    case SQLITE_ALTER_TABLE: (altered[Self.fold(second)], renaming) = (step, step)
    case SQLITE_TRANSACTION, SQLITE_SAVEPOINT:
      hasRefused = true
      return SQLITE_DENY
    default: break
    }
    return SQLITE_OK
  }

  /// SQLite's names are case-insensitive.
  private static func fold(_ name: String) -> String { name.lowercased() }
}
