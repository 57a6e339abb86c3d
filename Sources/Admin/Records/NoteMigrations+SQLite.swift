package import Store

extension Migration {
  /// Notes get ids, and their authors from the log: the user of the entry of the same time. The text is part of migrations that have been
  /// released: it is never edited.
  package static func noteIDs(of table: String, type: String) -> Migration {
    Migration(
      "2026-11-30-note-ids-of-\(table)",
      """
      UPDATE \(table) SET notes = (
        SELECT json_group_array(json_set(note.value,
          '$.id', lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-'
            || hex(randomblob(6))),
          '$.author', (
            SELECT actor_id FROM activity
            WHERE record_type = '\(type)' AND record_id = \(table).id AND at = note.value ->> 'at' AND actor_name = note.value ->> 'by'
            ORDER BY seq LIMIT 1)))
        FROM json_each(\(table).notes) AS note)
      WHERE notes <> '[]';
      """)
  }
}
