package import Base
package import Store

/// A file of records of one type. What the file doesn't carry of a record stays; an empty field of a column that it carries empties the record's.
package struct RecordImport: ImportJob {
  let type: RecordType
  package let columns: RecordColumns
  let batch: ImportBatch
  /// What a field holds that nobody says anything of.
  let blank: [FieldValue]

  /// A row that says nothing wrong.
  package struct Prepared: Sendable {
    let line: Int
    package let row: CSVRow
    /// As the file has it.
    package let id: String
    /// Of the fields that the file carries, in their order, as of a new record.
    let values: [FieldValue]
    let created: Timestamp?
    let updated: Timestamp?
    let note: String
    /// For loading: the words of the search index.
    let words: String
  }

  static func target(_ type: RecordType) -> ImportTarget {
    ImportTarget(name: type.list.name, of: type) { file, importer in
      try RecordImport(type, ImportBatch(type.list.name, of: type, file, importer))
    }
  }

  init(_ type: RecordType, _ batch: ImportBatch) throws {
    (self.type, self.batch) = (type, batch)
    columns = try RecordColumns(batch.file, for: type, languages: batch.importer.languages)
    blank = try type.values([:])
    if let missing = columns.missing.first { try refuseNew(without: missing) }
  }

  var file: ImportFile { batch.file }
  var importer: Importer { batch.importer }
  var now: Timestamp { batch.now }

  package var unused: [String] { columns.unused }
  package var remarks: [String] { columns.remarks }

  /// A file that says too little for a new record can change those that are there, and those only.
  private func refuseNew(without column: String) throws {
    var table = file.table
    try importer.store.read { db in
      while true {
        let row: CSVRow
        do {
          guard let next = try table.next() else { return }
          row = next
        } catch {
          // Told when its turn comes.
          continue
        }
        guard try find(TextNormalizing.clean(row.fields[columns.id]), in: db) != nil else {
          throw ImportRefusal(
            description: "\(file.path) has no column “\(column)”; new \(type.list.name) need it, and line \(row.line) would be one")
        }
      }
    }
  }

  // MARK: A row

  package func prepare(_ row: CSVRow, isLoading: Bool) throws(ImportProblem) -> Prepared {
    func text(_ place: Int?) -> String { place.map { TextNormalizing.clean(row.fields[$0]) } ?? "" }
    func time(_ place: Int?) throws(ImportProblem) -> Timestamp? {
      guard let place else { return nil }
      return try ImportRow.time(text(place), file.heading[place], line: row.line)
    }
    let id = text(columns.id)
    if let problem = TextRules.problem(with: id, atMost: 255) { throw ImportProblem(row.line, file.heading[columns.id], problem) }
    var values: [FieldValue] = []
    values.reserveCapacity(columns.fields.count)
    var words: [String] = []
    for carried in columns.fields {
      let value: FieldValue
      var ownWords: [String]?
      switch carried.place {
      case .whole(let place):
        do throws(ImportProblem) {
          value = try parse(text(place), carried.field.kind, for: carried, place, row.line)
        } catch {
          guard let same = kept(text(place), of: carried, id) else { throw error }
          value = same
        }
      case .parts(let places, let columns):
        let texts = try self.texts(places, columns, for: carried, row)
        value = columns.combine(texts, .empty)
        if isLoading { ownWords = columns.words?(texts) }
      }
      if value.isEmpty, let missing = carried.field.missing { throw ImportProblem(row.line, carried.heading, Message(missing)) }
      if isLoading, carried.field.isSearched { words += ownWords ?? carried.field.kind.searchWords(value) }
      values.append(value)
    }
    let note = text(columns.note)
    if isLoading { words += SearchWords.noted(note) }
    return Prepared(
      line: row.line, row: row, id: id, values: values, created: try time(columns.created), updated: try time(columns.updated),
      note: note, words: RecordType.text(of: words))
  }

  /// What the record has already, if a text that is no value of its kind says just that: old values never block a row.
  private func kept(_ text: String, of carried: RecordColumns.CarriedField, _ id: String) -> FieldValue? {
    let field = carried.field
    guard !id.isEmpty else { return nil }
    return try? importer.store.read { db in
      guard let id = try find(id, in: db), let stored = try RecordStore.find(id, of: type, .all, in: db)?[field.name],
        try [field.kind.text(stored), field.kind.exported(stored, in: db)].contains(text)
      else { return nil }
      return stored
    }
  }

  private func parse(
    _ text: String, _ kind: any FieldKind, for carried: RecordColumns.CarriedField, _ place: Int, _ line: Int
  ) throws(ImportProblem) -> FieldValue {
    // An export of the trash says so; only a record that is there can be the one that it means.
    if text == RecordType.trashed, carried.isStatus { return .text(text) }
    do throws(InvalidValue) {
      return try kind.parse(text)
    } catch {
      throw ImportProblem(line, file.heading[place], error.message)
    }
  }

  /// The texts of a field's parts, each looked at by itself.
  func texts(
    _ places: [Int?], _ columns: ImportColumns, for carried: RecordColumns.CarriedField, _ row: CSVRow
  ) throws(ImportProblem) -> [String?] {
    var texts: [String?] = []
    texts.reserveCapacity(places.count)
    for (place, heading) in zip(places, columns.headings) {
      guard let place else {
        texts.append(nil)
        continue
      }
      texts.append(try parse(TextNormalizing.clean(row.fields[place]), heading.kind, for: carried, place, row.line).text)
    }
    return texts
  }

  // MARK: Records

  /// The record that a file means by an id: its own id, or what it is called elsewhere.
  func find(_ id: String, in db: Database) throws -> RecordID? {
    if id.isEmpty { return nil }
    if let own = RecordID(id), try db.value("SELECT 1 FROM \(raw: type.table) WHERE id = \(own)") != nil { return own }
    return try db.text("SELECT id FROM \(raw: type.table) WHERE external_id = \(id)").flatMap { RecordID($0) }
  }

  /// What is kept of a new record's id: an id as we make them stays it, anything else is what the record is called elsewhere.
  static func origin(_ row: Prepared) -> RecordOrigin {
    let own = RecordID(row.id).flatMap { $0.text.utf8.dropFirst(14).first == UInt8(ascii: "7") ? $0 : nil }
    return RecordOrigin(
      id: own, externalID: own == nil && !row.id.isEmpty ? row.id : nil, createdAt: row.created, updatedAt: row.updated)
  }

  package func favoursLoading(_ rows: Int, in db: Database) throws -> Bool {
    // What follows from other fields is worked out record by record.
    try type.derive == nil && type.whenNew == nil && db.value("SELECT NOT EXISTS (SELECT 1 FROM \(raw: type.table))") == 1
  }

  package func load(_ run: ImportRun<Prepared>, in db: Database) throws {
    try RecordLoad(job: self, run: run, act: batch.act(run, in: db)).load()
  }

  package func write(_ rows: ArraySlice<ImportItem<Prepared>>, of run: ImportRun<Prepared>, in db: Database) throws {
    try batch.write(rows, of: run, in: db) { row, act in try RecordWriter(job: self, act: act).write(row) }
  }

  package func finish(_ run: ImportRun<Prepared>, in db: Database) throws { try batch.finish(run, in: db) }
}
