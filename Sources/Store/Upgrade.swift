import Base

/// The pending migrations of a database, applied inside one transaction.
struct Upgrade {
  private let database: Database
  private let progress: (UpgradeProgress) -> Void

  init(_ database: Database, progress: @escaping (UpgradeProgress) -> Void) { (self.database, self.progress) = (database, progress) }

  func run(_ migrations: [Migration], _ reworks: [Rework]) throws {
    var history = try MigrationHistory(in: database)
    let missing = migrations.count - history.applied.count
    // Nobody waits for a new database.
    let report = UpgradeReport(database, history.applied.isEmpty ? { _ in } : progress)
    let watch = try WriteWatch(database)
    // Another program could have been faster: what is pending is decided inside the transaction.
    var number = 0
    while let step = try history.next(of: migrations) {
      number += 1
      try report.run {
        try apply(step, watch) { report.begin(.step(step.name, number: number, of: missing, statement: $0.summary)) }
      }
      history.add(step)
      try database.run(
        """
        INSERT INTO migrations (position, name, checksum, applied_at)
        VALUES (\(history.applied.count), \(step.name), \(step.checksum), \(Clock.system.now()))
        """)
    }
    try report.run { try checkForeignKeys(watch, report) }
    for rework in reworks where try rework.isDue(database) {
      try report.run { try rework.run(database) { report.begin(.rows(of: rework.name, done: $0, all: $1)) } }
    }
  }

  private func apply(_ step: Migration, _ watch: WriteWatch, before: (Statement) -> Void) throws(StoreError) {
    do {
      try watch.run(step, before: before)
    } catch {
      throw watch.hasRefused
        ? StoreError("migration \(step.name) must not start or end transactions", sql: error.sql)
        : StoreError("migration \(step.name) failed: \(error.message)", sql: error.sql)
    }
  }

  /// Checks only what the steps wrote: checking all of a large database would take minutes.
  private func checkForeignKeys(_ watch: WriteWatch, _ report: UpgradeReport) throws {
    let references = try database.all(
      """
      SELECT child.name, key."from", key."table", key."to"
      FROM sqlite_schema AS child JOIN pragma_foreign_key_list(child.name) AS key WHERE child.type = 'table' ORDER BY child.rowid
      """
    ) { ForeignKey(child: $0.text(0), column: $0.text(1), parent: $0.text(2), key: $0.textOrNil(3)) }
    var checked: Set<String> = []
    for reference in references {
      guard let suspect = watch.step(thatMayHaveBroken: reference), checked.insert(reference.child).inserted else { continue }
      report.begin(.references(of: reference.child))
      let broken = try database.first("SELECT \"table\", parent FROM pragma_foreign_key_check(\(reference.child))") {
        "\($0.text(0)) references a missing row of \($0.text(1))"
      }
      if let broken { throw StoreError("migration \(suspect) failed: \(broken)") }
    }
  }
}

/// A column that references another table's key; without a column name it is the primary key.
struct ForeignKey {
  let child: String
  let column: String
  let parent: String
  let key: String?
}
