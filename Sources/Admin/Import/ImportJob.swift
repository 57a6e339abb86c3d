package import Base
package import Store

/// Something that files can be imported into, by the name that the command has for it.
package struct ImportTarget: Sendable {
  /// What became of an entry that was taken back.
  package enum TakenBack {
    case deleted, putBack, left, nothing
  }

  let name: String
  /// The records that its rows make or change, or belong to.
  let type: RecordType
  /// Looks the file's headings up.
  let open: @Sendable (ImportFile, Importer) throws -> any ImportJob

  /// Takes back what an entry tells that isn't about the record itself, but about something that belongs to it.
  let takeBack: @Sendable (ActivityStep, RecordHeader, ActContext) throws -> TakenBack

  package init(
    name: String, of type: RecordType,
    takeBack: @escaping @Sendable (ActivityStep, RecordHeader, ActContext) throws -> TakenBack = { _, _, _ in .nothing },
    open: @escaping @Sendable (ImportFile, Importer) throws -> any ImportJob
  ) {
    self.name = name
    self.type = type
    self.takeBack = takeBack
    self.open = open
  }
}

/// What the rows of one file become: made for its headings.
package protocol ImportJob: Sendable {
  associatedtype Prepared: Sendable

  /// Headings that Roost has no place for.
  var unused: [String] { get }
  /// What else is to be told about the file.
  var remarks: [String] { get }

  /// A row, checked and ready to be written. Runs ahead of the writing, on another thread. `isLoading` if all rows come in by `load`.
  func prepare(_ row: CSVRow, isLoading: Bool) throws(ImportProblem) -> Prepared

  /// Whether about so many rows come in sooner by `load`, given what the database has.
  func favoursLoading(_ rows: Int, in db: Database) throws -> Bool

  /// Brings all rows in at once, in one transaction, while nobody else has the database open.
  func load(_ run: ImportRun<Prepared>, in db: Database) throws

  /// Writes some rows, each whole or not at all.
  func write(_ rows: ArraySlice<ImportItem<Prepared>>, of run: ImportRun<Prepared>, in db: Database) throws

  /// After the last row.
  func finish(_ run: ImportRun<Prepared>, in db: Database) throws
}

extension ImportJob {
  package var remarks: [String] { [] }

  package func finish(_ run: ImportRun<Prepared>, in db: Database) throws {}
}

/// The columns of a file whose headings are fixed.
package struct FixedColumns: Sendable {
  private let places: [String: Int]
  package let unused: [String]

  package init(_ file: ImportFile, for what: String, needed: [String], known: [String]) throws {
    var places: [String: Int] = [:]
    for (place, heading) in file.heading.enumerated() {
      let key = ImportFile.key(heading)
      if let other = places[key], !key.isEmpty { throw file.refuseDouble(file.heading[other], heading) }
      places[key] = place
    }
    for column in needed where places[column] == nil { throw file.refuse(without: column, for: what) }
    self.places = places
    unused = file.heading.filter { !known.contains(ImportFile.key($0)) }
  }

  /// A field's text, cleaned; empty when the file has no such column.
  package func text(_ column: String, of row: CSVRow) -> String { places[column].map { TextNormalizing.clean(row.fields[$0]) } ?? "" }

  /// Whether the file has a column.
  package func has(_ column: String) -> Bool { places[column] != nil }

  /// A value of a kind.
  package func value(_ column: String, _ kind: any FieldKind, of row: CSVRow) throws(ImportProblem) -> FieldValue {
    do throws(InvalidValue) {
      return try kind.parse(text(column, of: row))
    } catch {
      throw ImportProblem(row.line, column, error.message)
    }
  }

  /// A stored moment; an empty field is the moment of the import.
  package func time(_ column: String, of row: CSVRow, or now: Timestamp) throws(ImportProblem) -> Timestamp {
    try ImportRow.time(text(column, of: row), column, line: row.line) ?? now
  }
}

enum ImportRow {
  /// A moment or a day; `nil` for an empty text.
  static func time(_ text: String, _ heading: String, line: Int) throws(ImportProblem) -> Timestamp? {
    if text.isEmpty { return nil }
    guard let time = Timestamp(text) ?? Timestamp(text + " 00:00:00") else {
      throw ImportProblem(line: line, reason: "\(heading): “\(text)” is no time")
    }
    return time
  }
}
