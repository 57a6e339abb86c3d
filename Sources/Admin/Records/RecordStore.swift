package import Base
package import Store

/// The SQL of records, made from their fields. Lists have their own in the list engine.
package enum RecordStore {
  static func header(_ id: RecordID, of type: RecordType, _ scope: Scope, in db: Database) throws -> RecordHeader? {
    try db.first(
      "SELECT \(raw: type.headColumns) FROM \(raw: type.table) WHERE id = \(id)\(scope.condition(on: type.table))"
    ) { row in header(row, of: type) }
  }

  package static func find(_ id: RecordID, of type: RecordType, _ scope: Scope, in db: Database) throws -> Record? {
    let head = headCount(of: type)
    return try db.first(
      """
      SELECT \(raw: type.headColumns), version, notes, created_at, updated_at, \(raw: type.reads)
      FROM \(raw: type.table) WHERE id = \(id)\(scope.condition(on: type.table))
      """
    ) { row -> Record in
      let values = try zip(type.fields, type.places).map { field, place in
        try field.kind.load(for: id, in: db) ?? place.map { field.kind.value(row, at: head + 4 + $0) } ?? .empty
      }
      return Record(
        type: type, values: values, notes: Note.list(row.text(head + 1)), version: row.int(head), createdAt: row.text(head + 2),
        updatedAt: row.text(head + 3), header: header(row, of: type))
    }
  }

  static func insert(
    _ id: RecordID, _ values: [FieldValue], of type: RecordType, note: String, from origin: RecordOrigin?, _ act: ActContext
  ) throws {
    let notes = note.isEmpty ? [] : [Note(note, act)]
    var columns = ["id", "notes", "created_by", "external_id", "created_at", "updated_at"]
    let (created, updated) = (origin?.createdAt ?? act.now, origin?.updatedAt ?? origin?.createdAt ?? act.now)
    var bound: [SQL] = ["\(id)", "\(Note.stored(notes))", "\(act.actor.id)", "\(origin?.externalID)", "\(created)", "\(updated)"]
    for (column, value) in stored(values, words: type.searchWords(values, notes), of: type) {
      columns.append(column)
      bound.append("\(value)")
    }
    try act.db.run(
      """
      INSERT INTO \(raw: type.table) (\(raw: columns.joined(separator: ", "))) VALUES (\(SQL(joining: bound, separator: ", ")))
      """)
  }

  static func update(_ record: Record, to values: [FieldValue], _ act: ActContext) throws {
    let words = try words(of: record, with: values, in: act.db)
    let assignments = stored(values, words: words, of: record.type).map { column, value -> SQL in
      // In the trash a record keeps its status for the time after.
      column == "status"
        ? "status = iif(status = 'trashed', status, \(value)), status_before = iif(status = 'trashed', \(value), NULL)"
        : "\(raw: column) = \(value)"
    }
    try act.db.run(
      """
      UPDATE \(raw: record.type.table) SET \(SQL(joining: assignments, separator: ", ")), version = version + 1, updated_at = \(act.now)
      WHERE id = \(record.id)
      """)
  }

  /// A record's notes, newest first.
  static func notes(_ id: RecordID, of type: RecordType, in db: Database) throws -> [Note] {
    Note.list(try db.text("SELECT notes FROM \(raw: type.table) WHERE id = \(id)") ?? "[]")
  }

  /// Notes don't count as a new version of a record.
  static func set(_ notes: [Note], on id: RecordID, of type: RecordType, _ act: ActContext) throws {
    guard let record = try find(id, of: type, .all, in: act.db) else { throw HTTPError.notFound }
    try act.db.run(
      """
      UPDATE \(raw: type.table) SET notes = \(Note.stored(notes)), words = \(type.searchWords(record.values, notes)), updated_at = \(act.now)
      WHERE id = \(id)
      """)
  }

  /// Adds a note; the words of all others stay.
  static func add(_ note: Note, to id: RecordID, of type: RecordType, _ act: ActContext) throws {
    try act.db.run(
      """
      UPDATE \(raw: type.table) SET notes = json_insert(notes, '$[#]', json(\(note.json.text))),
        words = words || \(" " + RecordType.text(of: SearchWords.noted(note.text))), updated_at = \(act.now)
      WHERE id = \(id)
      """)
  }

  /// The words of a record that gets other values: those of its notes, behind those of its fields, are taken over instead of being made again.
  private static func words(of record: Record, with values: [FieldValue], in db: Database) throws -> String {
    if record.notes.isEmpty { return record.type.searchWords(values, []) }
    let own = record.type.searchWords(record.values, []) + " "
    let stored = try db.text("SELECT words FROM \(raw: record.type.table) WHERE id = \(record.id)") ?? ""
    guard stored.utf8.starts(with: own.utf8) else { return record.type.searchWords(values, record.notes) }
    return record.type.searchWords(values, []) + " " + String(decoding: stored.utf8.dropFirst(own.utf8.count), as: UTF8.self)
  }

  /// What the columns of a record hold that follow from its fields and notes.
  private static func stored(_ values: [FieldValue], words: String, of type: RecordType) -> [(column: String, value: SQLValue)] {
    var stored: [(column: String, value: SQLValue)] = [
      ("name_sort", .text(TextFolding.fold(type.name(values)))), ("words", .text(words)),
    ]
    for (column, ofName) in type.derived { stored.append((column, .text(ofName(type.name(values))))) }
    for (field, value) in zip(type.fields, values) { stored += zip(field.written, field.stored(value)).map { ($0, $1) } }
    return stored
  }

  // MARK: Heads

  static func headColumns(of table: String, line: [Field], _ parent: RecordType.Parent?, in list: ListDefinition) -> String {
    let parent = parent.map { [$0.idColumn, $0.nameColumn] } ?? []
    let columns = ["id", "name", "status", AvatarStore.column(table)] + list.reachColumns
    return (columns + line.compactMap(\.columns.first) + parent).joined(separator: ", ")
  }

  /// Where the line under the name begins in a head.
  private static let firstOfLine = 7

  private static func headCount(of type: RecordType) -> Int { firstOfLine + type.line.count + (type.parent == nil ? 0 : 2) }

  /// A row of the type’s `headColumns`.
  static func header(_ row: borrowing Row, of type: RecordType) -> RecordHeader {
    var words: [String] = []
    for index in firstOfLine..<firstOfLine + type.line.count where !row.isEmpty(index) { words.append(row.text(index)) }
    let parent = firstOfLine + type.line.count
    return RecordHeader(
      type: type, id: row.recordID(0), name: row.text(1), status: row.text(2), line: words.joined(separator: " · "),
      parent: type.parent.flatMap { kind in
        row.textOrNil(parent).map { RecordHeader.Parent(id: $0, href: kind.path + "/" + $0, name: row.text(parent + 1)) }
      }, avatar: row.recordIDOrNil(3), phone: row.text(4), phoneHref: PhoneLink.tel(number: row.text(5)), email: row.text(6))
  }
}

extension RecordType {
  /// Whether a record is there, and what the head of its pages shows.
  package func header(_ id: RecordID, _ scope: Scope, _ db: Database) throws -> RecordHeader? {
    try RecordStore.header(id, of: self, scope, in: db)
  }

  /// A record, regardless of access.
  package func record(_ id: RecordID, in db: Database) throws -> Record? { try RecordStore.find(id, of: self, .all, in: db) }
}
