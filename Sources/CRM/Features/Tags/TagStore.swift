import Base
import Store

/// All SQL over tags, but for what lists read.
enum TagStore {
  private static func tag(_ row: borrowing Row) -> Tag { Tag(id: row.recordID(0), name: row.text(1), color: row.int(2)) }

  static func of(_ record: RecordID, in db: Database) throws -> [Tag] {
    try db.all(
      """
      SELECT tags.id, tags.name, tags.color FROM record_tags JOIN tags ON tags.id = record_tags.tag_id
      WHERE record_tags.record_id = \(record) ORDER BY tags.name_sort
      """, tag)
  }

  static func find(_ id: RecordID, in db: Database) throws -> Tag? {
    try db.first("SELECT id, name, color FROM tags WHERE id = \(id)", tag)
  }

  /// A tag by its name, whatever its case and accents.
  static func named(_ name: String, in db: Database) throws -> Tag? {
    try db.first("SELECT id, name, color FROM tags WHERE name_sort = \(TextFolding.fold(name))", tag)
  }

  /// All tags, each with the number of its records.
  static func all(limit: Int, in db: Database) throws -> [(tag: Tag, records: Int)] {
    try db.all(
      """
      SELECT id, name, color, (SELECT count(*) FROM record_tags WHERE tag_id = tags.id) FROM tags ORDER BY name_sort LIMIT \(limit)
      """
    ) { (tag($0), $0.int(3)) }
  }

  /// Those whose names begin with what was typed, then those that have a word that does.
  static func suggest(_ q: String, limit: Int, in db: Database) throws -> [Tag] {
    let start = TextFolding.fold(q)
    let found = try db.all(
      """
      SELECT id, name, color FROM tags WHERE name_sort >= \(start) AND name_sort < \(start + "\u{10FFFF}") ORDER BY name_sort LIMIT \(limit)
      """, tag)
    guard found.count < limit else { return found }
    let inside = try db.all(
      "SELECT id, name, color FROM tags WHERE instr(name_sort, \(" " + start)) > 0 ORDER BY name_sort LIMIT \(limit)", tag)
    return Array((found + inside.filter { !found.contains($0) }).prefix(limit))
  }

  /// The ids of the records that have any of these tags, in parentheses.
  static func records(with names: [String]) -> SQL {
    """
    (SELECT record_tags.record_id FROM record_tags JOIN tags ON tags.id = record_tags.tag_id
      WHERE tags.name_sort IN \(SQL.list(names.map(TextFolding.fold))))
    """
  }

  /// Gives a record these tags and no others. A tag that isn't there yet is made.
  static func replace(of record: RecordID, with names: [String], now: Timestamp, in db: Database) throws {
    let wanted = try names.map { try named($0, in: db) ?? make($0, now: now, in: db) }
    try db.run("DELETE FROM record_tags WHERE record_id = \(record) AND tag_id NOT IN \(SQL.list(wanted.map(\.id)))")
    for tag in wanted {
      try db.run("INSERT INTO record_tags (record_id, tag_id) VALUES (\(record), \(tag.id)) ON CONFLICT DO NOTHING")
    }
  }

  /// A new tag, in the colour that comes next.
  private static func make(_ name: String, now: Timestamp, in db: Database) throws -> Tag {
    let color = (try db.value("SELECT count(*) FROM tags") ?? 0) % Tag.colors.count
    let tag = Tag(id: RecordID.make(at: now), name: name, color: color)
    try db.run(
      "INSERT INTO tags (id, name, name_sort, color) VALUES (\(tag.id), \(name), \(TextFolding.fold(name)), \(color))")
    return tag
  }

  /// `false` if another tag has the name.
  static func change(_ id: RecordID, name: String, color: Int, in db: Database) throws -> Bool {
    if let other = try named(name, in: db), other.id != id { return false }
    try db.run("UPDATE tags SET name = \(name), name_sort = \(TextFolding.fold(name)), color = \(color) WHERE id = \(id)")
    return true
  }

  private static let recordsAtOnce = 2_000

  /// Takes a tag from some of its records, and gives them another if one is named. `false` when no record has it any more.
  static func move(_ id: RecordID, to other: RecordID?, in db: Database) throws -> Bool {
    let some: SQL = "SELECT record_id FROM record_tags WHERE tag_id = \(id) ORDER BY record_id LIMIT \(recordsAtOnce)"
    if let other {
      try db.run(
        "INSERT INTO record_tags (record_id, tag_id) SELECT record_id, \(other) FROM (\(some)) AS some WHERE true ON CONFLICT DO NOTHING")
    }
    return try db.run("DELETE FROM record_tags WHERE tag_id = \(id) AND record_id IN (\(some))") > 0
  }

  static func delete(_ id: RecordID, in db: Database) throws { try db.run("DELETE FROM tags WHERE id = \(id)") }
}
