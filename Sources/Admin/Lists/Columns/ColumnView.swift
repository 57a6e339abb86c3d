import Store

/// One user's columns for one list: which, in what order and how wide, as a table or as cards.
struct ColumnView: Equatable, Sendable {
  var columns: [String]
  var layout: ListLayout
  /// Of those columns that don't have their usual width.
  var widths: [String: ColumnWidth] = [:]

  /// What the list shows when nobody has arranged it.
  static func standard(for list: ListDefinition) -> ColumnView {
    ColumnView(columns: list.defaultColumns, layout: .table)
  }

  /// A view as it may be shown: columns that the list no longer has are dropped, doubles too, required ones are there and first, an empty view is
  /// the standard one. A column that isn't shown has no width.
  func repaired(for list: ListDefinition) -> ColumnView {
    var seen: Set<String> = []
    let known = columns.filter { list.column($0) != nil && seen.insert($0).inserted }
    guard !known.isEmpty else { return ColumnView(columns: list.defaultColumns, layout: layout) }
    let required = list.columns.filter { $0.isRequired && !seen.contains($0.id) }.map(\.id)
    return ColumnView(
      columns: required + known, layout: layout, widths: widths.filter { known.contains($0.key) || required.contains($0.key) })
  }
}

extension ColumnView {
  static func find(user: String, list: ListDefinition, in db: Database) throws -> ColumnView {
    let stored = try db.first("SELECT columns, layout, widths FROM column_views WHERE user_id = \(user) AND list = \(list.name)") { row in
      Stored(list: list.name, columns: row.text(0), layout: row.text(1), widths: row.text(2))
    }
    return stored.map { $0.view(of: list) } ?? .standard(for: list)
  }

  /// A view as the database has it. Every page of a list reads its own, so what they say is kept.
  private struct Stored: Hashable {
    let list: String
    let columns: String
    let layout: String
    let widths: String

    func view(of list: ListDefinition) -> ColumnView {
      Self.known.value(for: self) {
        ColumnView(
          columns: columns.split(separator: ",").map(String.init), layout: ListLayout(rawValue: layout) ?? .table,
          widths: [String: ColumnWidth](stored: widths)
        ).repaired(for: list)
      }
    }

    private static let known = Memo<Stored, ColumnView>(atMost: 1_000)
  }

  /// Keeps the view; one that equals the standard is forgotten, so that a later default reaches its user.
  func save(user: String, list: ListDefinition, in db: Database) throws {
    if self == .standard(for: list) {
      try db.run("DELETE FROM column_views WHERE user_id = \(user) AND list = \(list.name)")
    } else {
      try db.run(
        """
        INSERT INTO column_views (user_id, list, columns, layout, widths)
        VALUES (\(user), \(list.name), \(columns.joined(separator: ",")), \(layout.rawValue), \(widths.stored))
        ON CONFLICT (user_id, list) DO UPDATE SET columns = excluded.columns, layout = excluded.layout, widths = excluded.widths
        """)
    }
  }
}
