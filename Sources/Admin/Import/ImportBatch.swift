package import Base
package import Store

/// The rows of one file as one batch of the log: begun with the first row, kept up to date, gone again if no row changed anything.
package struct ImportBatch: Sendable {
  package let list: String
  package let file: ImportFile
  let importer: Importer
  package let now: Timestamp

  /// A batch of records of a type, or of what belongs to them.
  package init(_ list: String, of type: RecordType, _ file: ImportFile, _ importer: Importer) throws {
    guard importer.principal.may(.write, on: type.resource) else {
      throw ImportRefusal(description: "\(importer.principal.actor.name) may not write \(list)")
    }
    (self.list, self.file, self.importer) = (list, file, importer)
    now = importer.clock.now()
  }

  /// Whether rows are written over what a person has changed later.
  package var overwrites: Bool { importer.options.overwrites }

  /// The transaction as part of the batch.
  package func act<Prepared>(_ run: ImportRun<Prepared>, in db: Database) throws -> ActContext {
    let batch = try run.outcome.batch ?? Batch.begin(list, file.name, by: importer.principal.actor, now: now, in: db)
    run.set(batch: batch)
    return ActContext(db: db, principal: importer.principal, now: now, types: importer.types, batch: batch)
  }

  /// Writes some rows, each whole or not at all.
  package func write<Prepared>(
    _ rows: ArraySlice<ImportItem<Prepared>>, of run: ImportRun<Prepared>, in db: Database,
    _ body: (Prepared, ActContext) throws -> Written
  ) throws {
    let act = try act(run, in: db)
    for row in rows { try run.write(row) { row in try db.savepoint { try body(row, act) } } }
    try keep(run, in: db)
  }

  /// Whether about so many rows of a table come in sooner at once, past its indexes: few are better written one by one, with a history of each.
  package func favoursLoading(_ rows: Int, into table: String, in db: Database) throws -> Bool {
    try rows >= importer.bulkRows && Self.favoursLoading(rows, beside: db.mostRows(of: table))
  }

  /// The remark on such a file.
  package static let loadedAtOnce =
    "a file of this size is loaded at once: its rows have no history of their own and can’t be undone together"

  /// To rebuild a table's indexes costs about a quarter as much for each row as to have them grow.
  static func favoursLoading(_ rows: Int, beside present: Int) -> Bool { rows >= present / 4 }

  /// After the last row.
  package func finish<Prepared>(_ run: ImportRun<Prepared>, in db: Database) throws {
    guard let batch = run.outcome.batch else { return }
    try keep(run, in: db)
    if run.outcome.created + run.outcome.changed == 0 {
      try Batch.discard(batch, in: db)
      run.set(batch: nil)
    }
  }

  private func keep<Prepared>(_ run: ImportRun<Prepared>, in db: Database) throws {
    guard let batch = run.outcome.batch else { return }
    let outcome = run.outcome
    try Batch.keep(batch, created: outcome.created, changed: outcome.changed, skipped: outcome.skipped, in: db)
  }
}
