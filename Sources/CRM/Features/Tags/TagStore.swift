import Admin
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

  /// A tag by its name, whatever its case and accents, or by a name that it had once: a form or a file that was made before still means it.
  static func named(_ name: String, in db: Database) throws -> Tag? {
    try db.first("SELECT id, name, color FROM tags WHERE id = \(id(named: name)) LIMIT 1", tag)
  }

  private static func id(named name: String) -> SQL {
    let key = TextFolding.fold(name)
    return """
      coalesce((SELECT id FROM tags WHERE name_sort = \(key)), (SELECT tag_id FROM tag_aliases WHERE name_sort = \(key)))
      """
  }

  /// How many records have a tag.
  static func count(of id: RecordID, in db: Database) throws -> Int {
    try db.value("SELECT count(*) FROM record_tags WHERE tag_id = \(id)") ?? 0
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
    let start = TextFolding.beginning(q)
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
    "(SELECT record_id FROM record_tags WHERE tag_id IN (\(SQL(joining: names.map(id(named:)), separator: ", "))))"
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

  /// `false` if another tag has the name. A former name of another is free.
  static func change(_ tag: Tag, name: String, color: Int, in db: Database) throws -> Bool {
    let (key, former) = (TextFolding.fold(name), TextFolding.fold(tag.name))
    guard try db.value("SELECT 1 FROM tags WHERE name_sort = \(key) AND id <> \(tag.id)") == nil else { return false }
    try db.run("DELETE FROM tag_aliases WHERE name_sort = \(key)")
    try db.run("UPDATE tags SET name = \(name), name_sort = \(key), color = \(color) WHERE id = \(tag.id)")
    if key != former { try keep(former, as: tag.id, in: db) }
    return true
  }

  private static func keep(_ former: String, as tag: RecordID, in db: Database) throws {
    try db.run("INSERT INTO tag_aliases (name_sort, tag_id) VALUES (\(former), \(tag)) ON CONFLICT DO UPDATE SET tag_id = excluded.tag_id")
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

  /// Removes a tag that no record has any more. One that it was merged into is meant by all its names from now on. `false` if it was gone.
  static func delete(_ tag: Tag, mergedInto other: RecordID?, in db: Database) throws -> Bool {
    if let other { try db.run("UPDATE tag_aliases SET tag_id = \(other) WHERE tag_id = \(tag.id)") }
    guard try db.run("DELETE FROM tags WHERE id = \(tag.id)") == 1 else { return false }
    if let other { try keep(TextFolding.fold(tag.name), as: other, in: db) }
    return true
  }
}
