import Base
import Store
import Web

/// Permanent deletion. It takes along what belongs to the record and empties its entries in the log, and what those of others say of it. What stays is
/// that a record of this id was erased, by whom, when, and how much went with it.
struct Erasure: Sendable {
  let record: RecordHeader
  /// What goes along, without what there is none of.
  let counts: [(label: String, count: Int)]
  /// Entries of other records that name it, as they will be.
  private let mentions: [Mention]

  private struct Mention: Sendable {
    let seq: Int
    let changes: [Change]
    let before: String?
  }

  /// In the place of a name.
  private static let nobody = "(erased)"

  /// Looks for all that will go. It reads the whole log, so not in the transaction that writes.
  init(_ record: RecordHeader, _ composition: Composition, in db: Database) throws {
    self.record = record
    counts = try Self.counts(record, composition, in: db)
    var mentions: [Mention] = []
    let name = record.name
    func without(_ text: String) -> String { name.isEmpty ? text : text.replacing(name, with: Self.nobody) }
    let written = String(JSON.string(name).text.dropFirst().dropLast())
    try db.each(
      """
      SELECT seq, record_type, changes, before FROM activity
      WHERE record_id <> \(record.id) AND (instr(changes, \(written)) > 0 OR instr(coalesce(before, ''), \(written)) > 0)
      """
    ) { row in
      guard let type = composition.records[row.text(1)] else { return }
      let references = type.fields.filter(\.kind.isReference)
      let inputs = Set(references.flatMap { $0.kind.inputs($0.name).all })
      let changes = Change.list(row.text(2)).map { change in
        references.contains { $0.name == change.field }
          ? Change(field: change.field, before: without(change.before), after: without(change.after)) : change
      }
      // The ids stay, so that a revert can report that the referenced record is gone.
      let before = row.textOrNil(3).map { text in
        Revert.text(FormFields(Revert.fields(text).fields.map { inputs.contains($0.name) ? .init($0.name, without($0.value)) : $0 }))
      }
      mentions.append(Mention(seq: row.int(0), changes: changes, before: before))
    }
    self.mentions = mentions
  }

  static func counts(_ record: RecordHeader, _ composition: Composition, in db: Database) throws -> [(label: String, count: Int)] {
    let notes = try Note.list(db.text("SELECT notes FROM \(raw: record.type.table) WHERE id = \(record.id)") ?? "[]").count
    let entries = try db.value("SELECT count(*) FROM activity WHERE record_type = \(record.type.name) AND record_id = \(record.id)") ?? 0
    var counts: [(label: String, count: Int)] = [("Notes", notes)]
    for belonging in composition.belongings { counts.append((belonging.label, try belonging.count(record.id, db))) }
    counts.append(("Entries of its history", entries))
    return counts.filter { $0.count > 0 }
  }

  /// After the record itself is deleted, in the same transaction. The database lets nobody else change the log.
  func run(_ act: ActContext) throws {
    let db = act.db
    let counts = JSON.object(self.counts.map { JSON.Member(name: $0.label, value: .int($0.count)) }).text
    try db.run(
      """
      INSERT INTO erasures (record_id, record_type, at, actor_id, actor_name, counts, is_running)
      VALUES (\(record.id), \(record.type.name), \(act.now), \(act.actor.id), \(act.actor.name), \(counts), 1)
      """)
    try db.run(
      """
      UPDATE activity SET record_name = '', changes = '[]', before = NULL WHERE record_type = \(record.type.name) AND record_id = \(record.id)
      """)
    for mention in mentions {
      try db.run("UPDATE activity SET changes = \(Change.json(mention.changes)), before = \(mention.before) WHERE seq = \(mention.seq)")
    }
    try db.run("DELETE FROM kept_forms WHERE instr(path, \(record.id)) > 0")
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
