import Base
import Store

/// Brings all rows of a file into a table that has none, in one transaction: rows first, then the indexes over all of them, then what triggers would
/// have kept in step.
struct RecordLoad {
  let job: RecordImport
  let run: ImportRun<RecordImport.Prepared>
  let act: ActContext

  private static let rowsAtOnce = 1_000
  private var db: Database { act.db }
  private var type: RecordType { job.type }

  /// The search index grows beside the rows and the other indexes.
  func load() throws {
    let search = try FullTextLoad(of: type.list.searchTable, in: db)
    let bulk = try job.columns.fields.map { try $0.field.kind.bulkField(in: db) }
    var again: [ImportItem<RecordImport.Prepared>] = []
    let insert = { again = try insertRows(bulk, search) }
    try bulk.compactMap(\.self).reduce(insert) { records, field in { try field.load(records) } }()
    try type.addRecords(in: db)
    try addEntries()
    try db.script(DerivedData.counts(of: type.table).repair)
    try search.finish()
    // Rows that the file has twice change what their first brought.
    for start in stride(from: 0, to: again.count, by: Self.rowsAtOnce) {
      try job.write(again[start..<min(start + Self.rowsAtOnce, again.count)], of: run, in: db)
    }
  }

  /// Gives the rows that have to be written by themselves, once the others are there.
  private func insertRows(_ bulk: [(any BulkField)?], _ search: FullTextLoad) throws -> [ImportItem<RecordImport.Prepared>] {
    // A file that has ids of ours may have one twice, which only an index can tell; to build it afterwards is sooner done where it has none.
    let hasOwnIDs = run.first.flatMap { try? $0.result.get() }.map { RecordImport.origin($0).id != nil } ?? false
    let unique = type.fields.compactMap { $0.uniqueIndex(of: type.table) }
    let kept = (hasOwnIDs ? ["by_id", "by_external_id"] : ["by_external_id"]).map { type.table + "_" + $0 } + unique
    // Those that come twice are told with their reason by the way that looks closer.
    let doubles = ["id", "external_id"].map { Constraint.unique([type.table + "." + $0]) } + unique.map { Constraint.unique([$0]) }
    var again: [ImportItem<RecordImport.Prepared>] = []
    try db.withoutIndexes(of: type.table, keeping: Set(kept)) {
      let rows = try LoadedRows(job: job, act: act, bulk: bulk, takesOwnIDs: hasOwnIDs)
      var words: [FullTextLoad.Row] = []
      try run.each { item in
        do {
          guard let found = try rows.insert(try item.result.get()) else { return again.append(item) }
          words.append(found)
          try run.write(item) { _ in .created }
        } catch let error as StoreError where error.constraint.map({ doubles.contains($0) }) == true {
          again.append(item)
        } catch {
          try run.write(item) { _ in throw error }
        }
        if words.count == Self.rowsAtOnce {
          search.add(words)
          words.removeAll(keepingCapacity: true)
        }
      }
      search.add(words)
      search.close()
    }
    return again
  }

  /// The activity entries of all records that there are now.
  private func addEntries() throws {
    func insert() throws {
      try db.run(
        """
        INSERT INTO activity (at, actor_id, actor_name, action, record_type, record_id, record_name, version, batch)
        SELECT \(act.now), \(act.actor.id), \(act.actor.name), \(type.name + ".created"), \(type.name), id, name, 1, \(act.batch)
        FROM \(raw: type.table) ORDER BY seq
        """)
    }
    if try ImportBatch.favoursLoading(job.file.table.lines, beside: db.mostRows(of: "activity")) {
      try db.withoutIndexes(of: "activity", insert)
    } else {
      try insert()
    }
  }
}

/// Inserts records by a statement that is compiled once and bound by position.
private struct LoadedRows {
  let job: RecordImport
  let act: ActContext
  let takesOwnIDs: Bool
  private let insert, owner: Statement
  private let parts: [Part]
  /// Where the search index has its columns from: the record's own words, or what a bulk field gives at a place; `nil` where the file says nothing.
  private let searched: [(isOwn: Bool, place: Int?)]
  private let name: Int?

  /// A field that the file carries.
  private final class Part {
    let field: Field
    let heading: String
    let bulk: (any BulkField)?
    let status: StatusField?

    package init(_ carried: RecordColumns.CarriedField, _ bulk: (any BulkField)?) {
      (field, heading, self.bulk, status) = (carried.field, carried.heading, bulk, carried.field.kind as? StatusField)
    }
  }

  private static let fixed = ["id", "external_id", "created_at", "updated_at", "notes", "name_sort", "words"]

  init(job: RecordImport, act: ActContext, bulk: [(any BulkField)?], takesOwnIDs: Bool) throws {
    let type = job.type
    (self.job, self.act, self.takesOwnIDs) = (job, act, takesOwnIDs)
    let carried = job.columns.fields
    parts = zip(carried, bulk).map { Part($0, $1) }
    name = carried.firstIndex { $0.field === type.nameField }
    let repeated = bulk.flatMap { $0?.columns ?? [] }
    let others = type.fields.enumerated().filter { index, _ in !carried.contains { $0.index == index } }
    let columns =
      Self.fixed + type.derived.map(\.column) + carried.flatMap(\.field.written) + repeated + ["created_by"]
      + others.flatMap(\.element.columns)
    insert = try act.db.prepared(
      """
      INSERT INTO \(type.table) (\(columns.joined(separator: ", "))) VALUES (?\(String(repeating: ", ?", count: columns.count - 1)))
      """)
    // What no row says anything of is bound once.
    var place = columns.count - others.reduce(0) { $0 + $1.element.columns.count }
    insert.bind(place, act.actor.id)
    for (index, field) in others {
      for value in field.kind.stored(job.blank[index]) where !field.columns.isEmpty {
        place += 1
        insert.bind(place, value)
      }
    }
    searched = try act.db.columns(of: type.list.searchTable).map {
      (isOwn: $0 == "words", place: repeated.firstIndex(of: $0))
    }
    owner = try act.db.prepared("SELECT type FROM records WHERE id = ?")
  }

  /// Inserts a row and gives its number and texts for the search index. `nil` where it has to be written by itself.
  func insert(_ row: RecordImport.Prepared) throws -> FullTextLoad.Row? {
    let origin = RecordImport.origin(row)
    if origin.id != nil, !takesOwnIDs { return nil }
    // An id is one record's, of whatever type; a load goes past the triggers that see to that.
    if let id = origin.id, try owner.text(of: id.text) != nil { return nil }
    let name = self.name.map { row.values[$0].text } ?? ""
    let created = origin.createdAt ?? job.now
    let id = origin.id ?? RecordID.make(at: created)
    insert.bind(1, id)
    insert.bind(2, origin.externalID)
    insert.bind(3, created)
    insert.bind(4, origin.updatedAt ?? created)
    insert.bind(
      5, row.note.isEmpty ? "[]" : Note.stored([Note(row.note, act)]))
    insert.bind(6, TextFolding.fold(name))
    insert.bind(7, row.words)
    var place = Self.fixed.count
    func bind(_ value: SQLValue) {
      place += 1
      insert.bind(place, value)
    }
    for derived in job.type.derived { bind(.text(derived.ofName(name))) }
    var repeated: [SQLValue] = []
    var elsewhere: [(kind: any FieldKind, value: FieldValue)] = []
    for (part, value) in zip(parts, row.values) {
      if let bulk = part.bulk {
        do throws(InvalidValue) {
          guard let stored = try bulk.stored(value) else { return nil }
          repeated += stored
        } catch {
          throw ImportProblem(row.line, part.heading, error.message)
        }
        continue
      }
      // What goes along with a value is an act of its own.
      if !value.isEmpty, part.field.kind.hasEffect(value) { return nil }
      let value = try resolved(value, part, row)
      if part.field.columns.isEmpty {
        if !value.isEmpty { elsewhere.append((part.field.kind, value)) }
      } else {
        part.field.stored(value).forEach(bind)
      }
    }
    repeated.forEach(bind)
    let number = try elsewhere.isEmpty ? write(id, created) : act.db.savepoint { try write(id, created, elsewhere) }
    let texts = searched.map { column in
      if column.isOwn { return row.words }
      guard let place = column.place, case .text(let text) = repeated[place] else { return "" }
      return text
    }
    return (number, texts)
  }

  private func resolved(_ value: FieldValue, _ part: Part, _ row: RecordImport.Prepared) throws -> FieldValue {
    if value.isEmpty { return value }
    if part.status != nil, value.text == RecordType.trashed { throw ImportProblem(row.line, part.heading, .notOffered) }
    switch try part.field.kind.resolve(value, over: .empty, act) {
    case .value(let resolved): return resolved
    case .errors(let errors): throw ImportProblem(row.line, part.heading, errors.first?.message ?? .notOffered)
    }
  }

  /// Writes the row that is bound, and what is kept in other tables; gives its number.
  private func write(_ id: RecordID, _ created: Timestamp, _ elsewhere: [(kind: any FieldKind, value: FieldValue)] = []) throws -> Int {
    try insert.execute()
    let number = act.db.lastInsertedRowID
    for part in parts { try part.bulk?.save(for: id, created: created) }
    for (kind, value) in elsewhere { try kind.save(value, for: id, act) }
    return number
  }
}
