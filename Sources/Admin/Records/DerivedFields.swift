import Base
import Store

/// Fields that follow from other rows by what the product itself works out, record by record: the totals of a document.
package struct DerivedFields: Sendable {
  let type: RecordType
  /// Gives the fields of a record that aren't as they should be, with what they should be.
  let wrong: @Sendable (Record, Database) throws -> [String: FieldValue]

  private static let readAtOnce = 200
  /// What is right depends on other records too, which may have been wrong.
  private static let rounds = 3

  /// Record by record, however many there are; nothing of them is kept. Those in the trash wait for nothing.
  private func each(in db: Database, _ body: (Record) throws -> Void) throws {
    var last = 0
    while true {
      let rows = try db.all(
        "SELECT seq, id FROM \(raw: type.table) WHERE seq > \(last) AND status <> 'trashed' ORDER BY seq LIMIT \(Self.readAtOnce)"
      ) { ($0.int(0), $0.recordID(1)) }
      for (_, id) in rows { if let record = try RecordStore.find(id, of: type, .all, in: db) { try body(record) } }
      guard let end = rows.last, rows.count == Self.readAtOnce else { return }
      last = end.0
    }
  }

  /// How many records have something wrong.
  func mistakes(in db: Database) throws -> Int {
    var count = 0
    try each(in: db) { record in if try !wrong(record, db).isEmpty { count += 1 } }
    return count
  }

  /// Corrects what is wrong, each record in a transaction of its own, as it is by then; `false` if all was right already.
  func repair(in store: Store) throws -> Bool {
    for round in 0..<Self.rounds {
      let found = try store.read { db in
        var found: [RecordID] = []
        try each(in: db) { record in if try !wrong(record, db).isEmpty { found.append(record.id) } }
        return found
      }
      if found.isEmpty { return round > 0 }
      for id in found {
        try store.write { db in
          guard let record = try RecordStore.find(id, of: type, .all, in: db) else { return }
          try set(try wrong(record, db), of: record, in: db)
        }
      }
    }
    return true
  }

  private func set(_ values: [String: FieldValue], of record: Record, in db: Database) throws {
    let assignments = values.sorted { $0.key < $1.key }.flatMap { name, value -> [SQL] in
      guard let field = type.field(name) else { return [] }
      return zip(field.columns, field.stored(value)).map { column, value in "\(raw: column) = \(value)" }
    }
    if assignments.isEmpty { return }
    try db.run("UPDATE \(raw: type.table) SET \(SQL(joining: assignments, separator: ", ")) WHERE id = \(record.id)")
  }
}
