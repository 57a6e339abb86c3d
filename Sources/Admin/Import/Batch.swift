import Base
import Store

/// What came in together, or was taken back together: the activity entries of an import, or of its undoing, and where they come from.
struct Batch: Sendable {
  let id: Int
  let list: String
  let file: String
  let first: Int
  let last: Int
  let actorName: String
  let at: String
  /// How many records it has made or changed.
  let records: Int
  let skipped: Int
  /// The import that it takes back, if it does.
  let undoes: Int?
  /// What takes it back, if anything does.
  let undoneBy: Int?

  /// Two expressions over an activity entry, which `source(_:at:)` reads.
  static let source = "(SELECT file FROM batches WHERE id = batch), (SELECT undoes IS NOT NULL FROM batches WHERE id = batch)"

  /// Where an entry comes from, as a person reads it.
  static func source(_ row: borrowing Row, at offset: Int) -> Message? {
    row.textOrNil(offset).map { source($0, isUndo: row.bool(offset + 1)) }
  }

  private static func source(_ file: String, isUndo: Bool) -> Message {
    isUndo ? Message("Import of {file} undone", ["file": file]) : Message("Imported from {file}", ["file": file])
  }

  /// What it is called.
  var source: Message { Self.source(file, isUndo: undoes != nil) }

  static func begin(_ list: String, _ file: String, undoing former: Int? = nil, by actor: Actor, now: Timestamp, in db: Database) throws
    -> Int
  {
    try db.value(
      """
      INSERT INTO batches (list, file, actor_id, actor_name, at, undoes, first_entry, last_entry)
      VALUES (\(list), \(file), \(actor.id), \(actor.name), \(now), \(former), (SELECT coalesce(max(seq), 0) + 1 FROM activity), 0)
      RETURNING id
      """) ?? 0
  }

  /// Keeps what has come so far: what is cut short can be undone as well.
  static func keep(_ id: Int, created: Int, changed: Int, skipped: Int, in db: Database) throws {
    try db.run(
      """
      UPDATE batches SET created = \(created), changed = \(changed), skipped = \(skipped), last_entry = (SELECT coalesce(max(seq), 0) FROM activity)
      WHERE id = \(id)
      """)
  }

  /// One that has brought nothing is not kept.
  static func discard(_ id: Int, in db: Database) throws { try db.run("DELETE FROM batches WHERE id = \(id)") }

  static func find(_ id: Int, in db: Database) throws -> Batch? {
    try db.first(
      """
      SELECT list, file, first_entry, last_entry, actor_name, at, created + changed, skipped, undoes,
        (SELECT u.id FROM batches u WHERE u.undoes = batches.id)
      FROM batches WHERE id = \(id)
      """
    ) {
      Batch(
        id: id, list: $0.text(0), file: $0.text(1), first: $0.int(2), last: $0.int(3), actorName: $0.text(4), at: $0.text(5),
        records: $0.int(6), skipped: $0.int(7), undoes: $0.intOrNil(8), undoneBy: $0.intOrNil(9))
    }
  }
}
