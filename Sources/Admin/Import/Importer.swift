package import Base
package import Store
import Synchronization
package import Templating

/// Brings records in from CSV files. A row is written whole or not at all; a bad one is reported and skipped. Rows are known by their `id` in the
/// file, kept as the record's external id where it is none of ours, so that importing a file again changes what it brought instead of doubling it.
package struct Importer: Sendable {
  /// How a file is taken.
  package struct Options: Sendable {
    /// Whether a row is written over what a person has changed later.
    package var overwrites = false
    /// How its bytes become text; `nil` to find out.
    package var encoding: TextEncoding?

    package init() {}
  }

  /// What became of a file.
  package struct Outcome: Sendable {
    package var created = 0
    package var changed = 0
    /// Rows that said what was there already.
    package var unchanged = 0
    package var skipped = 0
    /// Columns of the file that Roost has no place for.
    package var unusedColumns: [String] = []
    /// What else is to be told about the file.
    package var remarks: [String] = []
    /// By what it can be undone; `nil` where there is nothing to undo.
    package var batch: Int?

    package var written: Int { created + changed + unchanged }
  }

  /// How many rows are read and prepared at a time.
  private static let rowsAhead = 5_000
  /// How many are written before others may have their turn.
  private static let rowsAtOnce = 250
  /// What the pages may take that rows go to, in bytes: many indexes, each in its own order.
  private static let cache = 160 << 20

  let store: Store
  package let clock: Clock
  let types: [RecordType]
  let targets: [ImportTarget]
  /// In these, a heading may be a field's label.
  let languages: [Language]
  var principal = Principal.program()
  var options = Options()
  /// From how many rows on a file may come in past the acts, where a target has such a way.
  var bulkRows = 10_000

  /// An importer of a product. Headings may be labels in the languages that are given.
  package init(_ composition: Composition, store: Store, clock: Clock = .system, languages: [Language] = []) {
    self.store = store
    self.clock = clock
    types = composition.records.all
    targets = composition.imports
    self.languages = languages
  }

  /// Imports a file into a target such as `contacts`; reports every skipped row, and progress now and then.
  package func run(
    _ name: String, path: String, options: Options = Options(), skipped: @escaping (ImportProblem) -> Void,
    progress: @escaping (Outcome) -> Void
  ) throws -> Outcome {
    guard let target = targets.first(where: { $0.name == name }) else {
      throw ImportRefusal(description: "nothing is called “\(name)”; there are \(targets.map(\.name).joined(separator: ", "))")
    }
    var importer = self
    importer.options = options
    let file = try ImportFile(path: path, encoding: options.encoding)
    return try importer.run(try target.open(file, importer), file, skipped, progress)
  }

  private func run<Job: ImportJob>(
    _ job: Job, _ file: ImportFile, _ skipped: @escaping (ImportProblem) -> Void, _ progress: @escaping (Outcome) -> Void
  ) throws -> Outcome {
    var outcome = Outcome()
    (outcome.unusedColumns, outcome.remarks) = (job.unused, job.remarks)
    let loaded = try store.load(as: "roost import") { db -> ImportRun<Job.Prepared>? in
      guard try job.favoursLoading(file.table.lines, in: db) else { return nil }
      let run = ImportRun(rows(of: file, for: job, isLoading: true), outcome, skipped: skipped, progress: progress)
      try job.load(run, in: db)
      try job.finish(run, in: db)
      return run
    }
    let run =
      loaded.flatMap(\.self) ?? ImportRun(rows(of: file, for: job, isLoading: false), outcome, skipped: skipped, progress: progress)
    if loaded.flatMap(\.self) == nil { try write(job, run) }
    run.tellProgress()
    // All rows are there. The planner's statistics can wait: closing measures again.
    try? store.optimize()
    return run.outcome
  }

  /// The way beside others who read and write: a short piece of work after the other.
  private func write<Job: ImportJob>(_ job: Job, _ run: ImportRun<Job.Prepared>) throws {
    try store.writeInSteps(cacheBytes: Self.cache, committed: run.tellProgress) { db in
      let rows = run.next(Self.rowsAtOnce)
      if rows.isEmpty {
        try job.finish(run, in: db)
      } else {
        try job.write(rows, of: run, in: db)
      }
      return !rows.isEmpty
    }
  }

  private func rows<Job: ImportJob>(of file: ImportFile, for job: Job, isLoading: Bool) -> ReadAhead<ImportItem<Job.Prepared>> {
    let source = Mutex(file.table)
    return ReadAhead<ImportItem<Job.Prepared>> {
      source.withLock { table in
        var batch: [ImportItem<Job.Prepared>] = []
        batch.reserveCapacity(Self.rowsAhead)
        while batch.count < Self.rowsAhead, let item = next(&table, for: job, isLoading) { batch.append(item) }
        return batch
      }
    }
  }

  private func next<Job: ImportJob>(_ table: inout CSVTable, for job: Job, _ isLoading: Bool) -> ImportItem<Job.Prepared>? {
    let row: CSVRow
    do throws(CSVError) {
      guard let next = try table.next() else { return nil }
      row = next
    } catch {
      return ImportItem(line: error.line, result: .failure(ImportProblem(line: error.line, reason: error.reason.text)))
    }
    do throws(ImportProblem) {
      return ImportItem(line: row.line, result: .success(try job.prepare(row, isLoading: isLoading)))
    } catch {
      return ImportItem(line: row.line, result: .failure(error))
    }
  }
}
