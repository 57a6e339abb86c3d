import Base
import PhoneNumbers
package import Store

/// A text with its folded form in another column of the table.
package struct FoldedText: Sendable {
  let table: String
  let key: String
  let text: String

  package init(_ table: String, key: String, of text: String) { (self.table, self.key, self.text) = (table, key, text) }

  /// Where the key is unique and another row has it by now, a row keeps the one it has.
  fileprivate var update: String {
    "UPDATE OR IGNORE \(table) SET \(key) = fold(\(text)) WHERE \(key) <> fold(\(text));"
  }
}

extension Migration {
  /// How the folded texts that a database keeps were made, so that a program which makes others makes them again.
  static let foldedTexts = Migration(
    "2026-11-30-folded-texts",
    """
    CREATE TABLE folded_texts (
      name TEXT PRIMARY KEY,
      form TEXT NOT NULL
    ) WITHOUT ROWID;
    """)
}

extension Composition {
  /// What follows from the names and texts of records: the words by which they are found and the keys by which they sort.
  package var reworks: [Rework] {
    let texts = features.flatMap(\.foldedTexts)
    return [
      Rework("the words of the search", isDue: { db in try !dueTypes(in: db).isEmpty }) { db, progress in
        let types = try dueTypes(in: db)
        let refolding = Refolding(types: types, mirrors: derivations.filter(\.repeatsNames), db: db, progress: progress)
        try refolding.run()
        for type in types { try Self.set(type.textForm, for: type.name, in: db) }
      },
      Rework("other folded texts", isDue: { db in try Self.form(of: "", in: db) != Self.version }) { db, _ in
        for text in texts { try db.script(text.update) }
        try Self.set(Self.version, for: "", in: db)
      },
    ]
  }

  private static var version: String { String(TextFolding.version) }

  fileprivate func dueTypes(in db: Database) throws -> [RecordType] {
    try records.all.filter { try Self.form(of: $0.name, in: db) != $0.textForm }
  }

  private static func form(of name: String, in db: Database) throws -> String? {
    guard try db.value("SELECT 1 FROM sqlite_schema WHERE name = 'folded_texts'") != nil else { return nil }
    return try db.text("SELECT form FROM folded_texts WHERE name = \(name)")
  }

  fileprivate static func set(_ form: String, for name: String, in db: Database) throws {
    try db.run("INSERT INTO folded_texts (name, form) VALUES (\(name), \(form)) ON CONFLICT DO UPDATE SET form = excluded.form")
  }
}

extension JobKind {
  /// Reads the phone numbers of all records again, after the country has changed. What it hasn't done when the program ends is done at the next start.
  static let phoneNumbers = JobKind("phone-numbers", "Read phone numbers again", lane: .long) { run in
    let composition = run.services.composition
    // Also where another process has heard of the change.
    _ = try run.services.store.read { db in try run.services.settings.current(in: db) }
    var count = 0
    for type in try run.services.store.read({ db in try composition.dueTypes(in: db) }) {
      let form = type.textForm
      var last = Int.min
      try run.steps { db in
        let refolding = Refolding(types: [type], mirrors: [], db: db) { _, _ in }
        guard let end = try refolding.piece(of: type, after: last, &count) else {
          try Composition.set(form, for: type.name, in: db)
          return false
        }
        last = end
        return true
      }
    }
    return JobResult(Message("Records whose phone numbers were read again: {n}", ["n": String(count)]))
  }
}

extension RecordType {
  /// What its folded texts are made of, and how.
  fileprivate var textForm: String {
    let searched = fields.filter { $0.isSearched || $0.ownKey != nil }.map(\.name) + ["notes"]
    let country = fields.contains(where: \.kind.dependsOnCountry) ? PhoneCountry.current ?? "-" : ""
    return "\(TextFolding.version) \(searched.joined(separator: " ")) \(country)"
  }
}

/// Makes the folded texts of all records of some types again.
private struct Refolding {
  let types: [RecordType]
  let mirrors: [DerivedData]
  let db: Database
  let progress: (Int, Int) -> Void

  private static let rowsAtOnce = 1_000

  func run() throws {
    let all = try types.reduce(0) { try $0 + (db.value("SELECT count(*) FROM \(raw: $1.table)") ?? 0) }
    if all == 0 { return }
    var done = 0
    try withoutKeys(types[...]) {
      for type in types { try refold(type, &done, of: all) }
      for pieces in mirrors.compactMap(\.pieces) { try db.script("WITH wrong (seq) AS (\(pieces.wrong)) \(pieces.repair)") }
    }
    for type in types {
      progress(done, all)
      try db.script(DerivedData.search(type.list.searchTable).repair)
    }
  }

  /// Without the triggers that would follow each row, and without the indexes that would change with it.
  private func withoutKeys(_ types: ArraySlice<RecordType>, _ body: () throws -> Void) throws {
    guard let type = types.first else { return try body() }
    let kept = try db.all(
      "SELECT name FROM sqlite_schema WHERE tbl_name = \(type.table) AND type = 'index' AND sql NOT LIKE '%\\_sort%' ESCAPE '\\'"
    ) { $0.text(0) }
    try db.withoutIndexes(of: type.table, keeping: Set(kept)) { try withoutKeys(types.dropFirst(), body) }
  }

  private func refold(_ type: RecordType, _ done: inout Int, of all: Int) throws {
    var (last, changed) = (Int.min, 0)
    progress(done, all)
    while let end = try piece(of: type, after: last, &changed) {
      (last, done) = (end, min(all, done + Self.rowsAtOnce))
      progress(done, all)
    }
  }

  /// Some rows after one; `nil` where there are no more.
  func piece(of type: RecordType, after last: Int, _ changed: inout Int) throws -> Int? {
    let columns = type.foldedColumns
    let first = 3 + columns.count
    var rows: [(seq: Int, id: String, kept: [String], values: [FieldValue], notes: String)] = []
    try db.each(
      """
      SELECT seq, id, notes, \(raw: columns.joined(separator: ", ")), \(raw: type.reads) FROM \(raw: type.table)
      WHERE seq > \(last) ORDER BY seq LIMIT \(Self.rowsAtOnce)
      """
    ) { row in
      let values = zip(type.fields, type.places).map { field, place in place.map { field.kind.value(row, at: first + $0) } ?? .empty }
      rows.append((row.int(0), row.text(1), columns.indices.map { row.text(3 + $0) }, values, row.text(2)))
    }
    guard let end = rows.last else { return nil }
    let update = try db.prepared(
      "UPDATE \(type.table) SET \(columns.map { $0 + " = ?" }.joined(separator: ", ")) WHERE seq = ?")
    for row in rows {
      let folded = type.foldedTexts(try withOwnTables(row.values, of: row.id, type), Note.list(row.notes))
      guard folded != row.kept else { continue }
      for (index, text) in folded.enumerated() { update.bind(index + 1, text) }
      update.bind(columns.count + 1, row.seq)
      try update.execute()
      changed += 1
    }
    return end.seq
  }

  /// With what searched fields keep in tables of their own.
  private func withOwnTables(_ values: [FieldValue], of id: String, _ type: RecordType) throws -> [FieldValue] {
    guard let id = RecordID(id) else { return values }
    var values = values
    for (index, field) in type.fields.enumerated() where field.isSearched && field.columns.isEmpty {
      values[index] = try field.kind.load(for: id, in: db) ?? .empty
    }
    return values
  }
}

extension RecordType {
  fileprivate var foldedColumns: [String] {
    ["name_sort", "words"] + derived.map(\.column) + fields.compactMap(\.ownKey) + fields.filter(\.kind.dependsOnCountry).flatMap(\.columns)
  }

  /// What is in them.
  fileprivate func foldedTexts(_ values: [FieldValue], _ notes: [Note]) -> [String] {
    let name = name(values)
    let numbers = zip(fields, values).filter { $0.0.kind.dependsOnCountry }.flatMap { field, value in
      field.kind.stored(field.kind.renewed(value)).map { if case .text(let text) = $0 { text } else { "" } }
    }
    return [TextFolding.fold(name), searchWords(values, notes)] + derived.map { $0.ofName(name) }
      + zip(fields, values).filter { $0.0.ownKey != nil }.map { field, value in TextFolding.fold(field.kind.text(value)) } + numbers
  }
}
