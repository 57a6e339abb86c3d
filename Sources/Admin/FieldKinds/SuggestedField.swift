import Base
import Store
package import Templating

/// One line of text, with suggestions as one types: the values of a list in the settings, in its order, then others that records have, where an index
/// finds them. A value that isn't on the list is as good.
package struct SuggestedField: PlainTextKind {
  private let line = LineField()
  /// The list, of a `LinesField`.
  let list: Setting
  /// The table, and the column of folded values by which an index sorts it.
  let table: String
  let key: String?

  package init(_ list: Setting, of table: String, sortedBy key: String? = nil) {
    (self.list, self.table, self.key) = (list, table, key)
  }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue { try line.parse(text) }

  package func searchWords(_ value: FieldValue) -> [String] { line.searchWords(value) }

  package func control(_ control: FieldControl) throws -> ViewData {
    let listed = LinesField.lines(control.context.settings[list])
    let used = try key.map { key in
      try control.context.store.read { db in try Self.used(control.name, in: table, sortedBy: key, scope: control.context, db) }
    }
    var seen: Set<String> = []
    let offered = (listed + (used ?? [])).filter { seen.insert(TextFolding.fold($0)).inserted }
    return control.data(options: Choices(offered.map { ($0, $0) }).options)
  }

  private static let most = 100

  /// Different values, each found by a look-up in the index.
  private static func used(_ column: String, in table: String, sortedBy key: String, scope context: RequestContext, _ db: Database) throws
    -> [String]
  {
    // Who sees only some records isn't told what others have in theirs.
    guard let type = context.composition.records.all.first(where: { $0.table == table }), try context.scope(of: type.resource) == .all
    else {
      return []
    }
    let usual = type.list.usualStatus
    return try db.all(
      """
      WITH RECURSIVE used (key) AS (
        SELECT min(\(raw: key)) FROM \(raw: table) WHERE status = \(usual) AND \(raw: key) > ''
        UNION ALL
        SELECT (SELECT min(\(raw: key)) FROM \(raw: table) WHERE status = \(usual) AND \(raw: key) > used.key)
        FROM used WHERE used.key IS NOT NULL LIMIT \(most))
      SELECT (SELECT \(raw: column) FROM \(raw: table) WHERE status = \(usual) AND \(raw: key) = used.key LIMIT 1)
      FROM used WHERE key IS NOT NULL
      """
    ) { $0.text(0) }
  }
}
