import Base
import Store
import Web

/// Permanent deletion. It takes along what belongs to the record and empties its entries in the log, and what those of others say of it. What stays is
/// that a record of this id was erased, by whom, when, and how much went with it.
package struct Erasure: Sendable {
  let record: RecordHeader
  /// What goes along, without what there is none of.
  let counts: [(label: String, count: Int)]
  private let composition: Composition
  private let names: ErasedNames
  /// Entries of other records that name it, and up to which entry the log was read for them.
  private let mentions: [Int]
  private let end: Int

  /// In the place of a name.
  package static let nobody = "(erased)"

  /// Looks for all that will go. It reads the whole log, so not in the transaction that writes.
  init(_ record: RecordHeader, _ composition: Composition, in db: Database) throws {
    self.record = record
    self.composition = composition
    counts = try Self.counts(record, composition, in: db)
    end = try db.value("SELECT max(seq) FROM activity") ?? 0
    names = try ErasedNames(of: record, composition.records, in: db)
    mentions = try names.mentions(after: 0, in: db)
  }

  /// Removes the names from what an entry says of references.
  private func erase(_ seq: Int, in db: Database) throws {
    let entry = try db.first("SELECT record_type, action, changes, before FROM activity WHERE seq = \(seq)") {
      (type: $0.text(0), action: $0.text(1), changes: Change.list($0.text(2)), before: $0.textOrNil(3))
    }
    guard let entry, let type = composition.records[entry.type] else { return }
    let references = type.fields.filter { mayName($0.kind) }
    let inputs = Set(references.flatMap { $0.kind.inputs($0.name).all })
    let isOfRecord = entry.action.hasPrefix(type.name + ".")
    let changes = entry.changes.map { change in
      references.contains { $0.name == change.field } || !isOfRecord && composition.details[change.field]?.namesRecords == true
        ? Change(field: change.field, before: names.removed(from: change.before), after: names.removed(from: change.after)) : change
    }
    // Only entries of the record itself keep a form. The ids in it stay, so that a revert can report that the referenced record is gone.
    let before =
      !isOfRecord
      ? entry.before : entry.before.map { Revert.text(FormFields(names.removed(from: Revert.fields($0).fields, inputs: inputs))) }
    try db.run("UPDATE activity SET changes = \(Change.json(changes)), before = \(before) WHERE seq = \(seq)")
  }

  private func mayName(_ kind: any FieldKind) -> Bool {
    guard kind.isReference, !(kind is UserField) else { return false }
    return (kind as? ReferenceField).map { $0.target.table == record.type.table } ?? true
  }

  static func counts(_ record: RecordHeader, _ composition: Composition, in db: Database) throws -> [(label: String, count: Int)] {
    let notes = try Note.list(db.text("SELECT notes FROM \(raw: record.type.table) WHERE id = \(record.id)") ?? "[]").count
    let entries = try db.value("SELECT count(*) FROM activity WHERE record_type = \(record.type.name) AND record_id = \(record.id)") ?? 0
    var counts: [(label: String, count: Int)] = [("Notes", notes)]
    for belonging in composition.belongings { counts.append((belonging.label, try belonging.count(record.id, db))) }
    counts.append(("History entries", entries))
    return counts.filter { $0.count > 0 }
  }

  /// Before the record itself is deleted, while the rows of others still refer to it. They stay, as does how many there are: nothing of this goes along.
  func forget(in db: Database) throws {
    for feature in composition.features { try feature.forget?(record.id, db) }
  }

  /// After the record itself is deleted, in the same transaction. The database lets nobody else change the log.
  func run(_ act: ActContext) throws {
    let db = act.db
    let counts = JSON.object(self.counts.map { JSON.Member(name: $0.label, value: .int($0.count)) }).text
    try db.run(
      """
      INSERT INTO erasures (record_id, record_type, at, actor_id, actor_name, counts, is_running)
      VALUES (\(record.id), \(record.type.name), \(act.now), \(act.actor.id), \(act.actor.name), \(counts), 1)
      ON CONFLICT (record_id) DO UPDATE SET at = excluded.at, actor_id = excluded.actor_id, actor_name = excluded.actor_name,
        counts = excluded.counts, is_running = 1
      """)
    try db.run(
      """
      UPDATE activity SET record_name = '', changes = '[]', before = NULL WHERE record_type = \(record.type.name) AND record_id = \(record.id)
      """)
    // Some may have come while the log was read.
    for seq in mentions + (try names.mentions(after: end, in: db)) { try erase(seq, in: db) }
    try db.run("DELETE FROM kept_forms WHERE instr(path, \(record.id)) > 0")
    try composition.records.forgetRemovedWords(in: db)
    try db.run("UPDATE erasures SET is_running = 0 WHERE record_id = \(record.id)")
  }

  // MARK: Receipt

  private static let path = "/admin/crm/activity/erasures.json"

  static let routes: [Route] = [.get(path, .needs(.read, on: .activity), receipts)]

  static func href(_ id: String) -> String { URLQuery.append([("record", id)], to: path) }

  /// What is shown in the place of the name of a record that was erased.
  static func name(_ id: String) -> Message { Message("Erased record {id}", ["id": id]) }

  private static let mostReceipts = 1_000

  /// To download: that of one record, or the latest.
  @Sendable private static func receipts(_ context: RequestContext) throws -> Response {
    let id = context.query["record"]
    let condition: SQL = if let id { "WHERE record_id = \(id)" } else { "" }
    let found = try context.store.read { db in
      try db.all(
        "SELECT record_id, record_type, at, actor_name, counts FROM erasures \(condition) ORDER BY at DESC LIMIT \(mostReceipts)"
      ) { row in
        JSON.object([
          "erased": .string(row.text(0)), "type": .string(row.text(1)), "at": .string(row.text(2)), "by": .string(row.text(3)),
          "with": (try? JSON(parsing: row.text(4))) ?? .object([]),
        ])
      }
    }
    if id != nil, found.isEmpty { throw HTTPError.notFound }
    let json = id == nil ? JSON.array(found) : found[0]
    var response = Response.json(Array((json.text + "\n").utf8))
    let name = found.count == 1 ? "erased-\(found[0]["erased"]?.string ?? "").json" : "erased.json"
    response.headers.set("Content-Disposition", "attachment; filename=\"\(name)\"")
    return response
  }
}
