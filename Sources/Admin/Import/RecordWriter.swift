import Base
import Store

/// Writes the rows of a file one by one, by the acts that forms use.
struct RecordWriter {
  private let job: RecordImport
  private let act: ActContext
  private let changes: RecordChanges

  init(job: RecordImport, act: ActContext) {
    (self.job, self.act) = (job, act)
    changes = RecordChanges(job.type, job.batch, act, heading: job.columns.heading)
  }

  func write(_ row: RecordImport.Prepared) throws -> Written {
    guard let id = try job.find(row.id, in: act.db), let stored = try RecordStore.find(id, of: job.type, .all, in: act.db) else {
      return try create(row)
    }
    var wanted = stored.values
    for (carried, value) in zip(job.columns.fields, row.values) {
      switch carried.place {
      case .whole: wanted[carried.index] = value
      case .parts(let places, let columns):
        wanted[carried.index] = columns.combine(try job.texts(places, columns, for: carried, row.row), stored.values[carried.index])
      }
    }
    return try changes.save(wanted, note: row.note, over: stored, line: row.line, updated: row.updated)
  }

  private func create(_ row: RecordImport.Prepared) throws -> Written {
    if let missing = job.columns.missing.first {
      throw ImportProblem(line: row.line, reason: "a new record needs the column “\(missing)”, which the file doesn’t have")
    }
    var values = job.blank
    for (carried, value) in zip(job.columns.fields, row.values) { values[carried.index] = value }
    try changes.refuseTrash(values, row.line)
    switch try job.type.create(values, note: row.note, from: RecordImport.origin(row), act) {
    case .invalid(let errors): throw changes.problem(errors, row.line)
    case .conflict, .done, .unchanged: return .created
    }
  }
}
