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
    // A file that has ids of ours may have one twice, which only an index can tell; to build it afterwards is sooner done where it has none.
    let ids = type.table + "_by_id"
    let hasOwnIDs = run.first.flatMap { try? $0.result.get() }.map { RecordImport.origin($0).id != nil } ?? false
    let kept: Set = hasOwnIDs ? [ids, type.table + "_by_external_id"] : [type.table + "_by_external_id"]
    let bulk = try job.columns.fields.map { try $0.field.kind.bulkField(in: db) }
    var again: [ImportItem<RecordImport.Prepared>] = []
    try withoutIndexesOfActivity {
      try db.withoutIndexes(of: type.table, keeping: kept) {
        let rows = try LoadedRows(job: job, act: act, bulk: bulk, searchTable: type.list.searchTable, takesOwnIDs: hasOwnIDs)
        var words: [FullTextLoad.Row] = []
        try run.each { item in
          do {
            let row = try item.result.get()
            guard let texts = try rows.insert(row) else { return again.append(item) }
            words.append((db.lastInsertedRowID, texts))
            try rows.log(row)
            try run.write(item) { _ in .created }
          } catch let error as StoreError
            where error.constraint == .unique(["\(type.table).external_id"])
            || error.constraint == .unique(["\(type.table).id"])
          {
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
    }
    for field in bulk { try field?.finish() }
    try type.addRecords(in: db)
    try db.script(DerivedData.counts(of: type.table).repair)
    try search.finish()
    // Rows that the file has twice change what their first brought.
    for start in stride(from: 0, to: again.count, by: Self.rowsAtOnce) {
      try job.write(again[start..<min(start + Self.rowsAtOnce, again.count)], of: run, in: db)
    }
  }

  private func withoutIndexesOfActivity(_ body: () throws -> Void) throws {
    let present = try db.value("SELECT max(seq) FROM activity")
    if RecordImport.favoursLoading(job.file.table.lines, beside: present) {
      try db.withoutIndexes(of: "activity", body)
    } else {
      try body()
    }
  }
}

/// Inserts records and their activity entries, by statements that are compiled once and bound by position.
private struct LoadedRows {
  let job: RecordImport
  let act: ActContext
  let bulk: [(any BulkField)?]
  let takesOwnIDs: Bool
  private let insert, entry, owner: Statement
  /// Where the search index has its columns from: the record's own words, or what a bulk field gives at a place; `nil` where the file says nothing.
  private let searched: [(isOwn: Bool, place: Int?)]
  private let name: Int?

  private static let fixed = ["id", "external_id", "created_at", "updated_at", "notes", "name_sort", "words"]

  init(job: RecordImport, act: ActContext, bulk: [(any BulkField)?], searchTable: String, takesOwnIDs: Bool) throws {
    let type = job.type
    (self.job, self.act, self.bulk, self.takesOwnIDs) = (job, act, bulk, takesOwnIDs)
    let carried = job.columns.fields
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
    searched = try act.db.all("SELECT name FROM pragma_table_info(\(searchTable))") { $0.text(0) }.map {
      (isOwn: $0 == "words", place: repeated.firstIndex(of: $0))
    }
    owner = try act.db.prepared("SELECT type FROM records WHERE id = ?")
    entry = try act.db.prepared(
      """
      INSERT INTO activity (at, actor_id, actor_name, action, record_type, record_id, record_name, version, batch)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)
      """)
    for (index, value) in [act.now.text.sqlValue, act.actor.id.sqlValue, act.actor.name.sqlValue].enumerated() {
      entry.bind(index + 1, value)
    }
    entry.bind(4, type.name + ".created")
    entry.bind(5, type.name)
    entry.bind(8, act.batch)
  }

  /// Inserts a row and gives the texts for the search index. `nil` where it has to be written by itself.
  func insert(_ row: RecordImport.Prepared) throws -> [String]? {
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
      5, row.note.isEmpty ? "[]" : JSON.array([Note(text: row.note, by: act.actor.name, at: act.now.text).json]).text)
    insert.bind(6, TextFolding.fold(name))
    insert.bind(7, row.words)
    var place = 7
    for derived in job.type.derived {
      place += 1
      insert.bind(place, derived.ofName(name))
    }
    var repeated: [SQLValue] = []
    for (index, carried) in job.columns.fields.enumerated() {
      var value = row.values[index]
      let kind = carried.field.kind
      if let bulk = bulk[index] {
        do throws(InvalidValue) {
          guard let stored = try bulk.stored(value) else { return nil }
          repeated += stored
        } catch {
          throw ImportProblem(row.line, carried.heading, error.message)
        }
        continue
      }
      if !value.isEmpty {
        if carried.field.columns.isEmpty || kind.hasEffect(value) { return nil }
        switch try kind.resolve(value, over: .empty, act) {
        case .value(let resolved): value = resolved
        case .errors(let errors): throw ImportProblem(row.line, carried.heading, errors.first?.message ?? .notOffered)
        }
        if value == .text(RecordType.trashed), kind is StatusField { throw ImportProblem(row.line, carried.heading, .notOffered) }
      }
      for stored in carried.field.stored(value) where !carried.field.columns.isEmpty {
        place += 1
        insert.bind(place, stored)
      }
    }
    for value in repeated {
      place += 1
      insert.bind(place, value)
    }
    try insert.execute()
    entry.bind(6, id)
    entry.bind(7, name)
    return searched.map { column in
      if column.isOwn { return row.words }
      guard let place = column.place, case .text(let text) = repeated[place] else { return "" }
      return text
    }
  }

  /// Writes the activity entry of the row that was inserted last.
  func log(_ row: RecordImport.Prepared) throws { try entry.execute() }
}
