import Store

/// The table of a new record type, made from its fields. A migration never changes once it is released, and a type gains fields: so the migration
/// holds this text as `roost schema` printed it on its day, and a field that comes later brings its own, which `additionSQL` prints.
extension RecordType {
  /// Everything that a first migration creates: table, indexes, search, counts, rows in `records`.
  var tableSQL: String {
    ([createTable] + indexSQL + [searchSQL, countSQL, Migration.records(of: table, type: name, on: "").sql]).joined(separator: "\n")
  }

  /// What a migration says that brings a field to a table that is there.
  func additionSQL(of field: Field) -> String {
    (definitions(of: field).map { "ALTER TABLE \(table) ADD COLUMN \($0);" } + indexes(of: field)).joined(separator: "\n")
  }

  private var createTable: String {
    var own = fields.filter { $0.columns != ["name"] }.flatMap(definitions)
    // Whose it is decides who may see it, for those who see their own.
    if !own.contains(where: { $0.hasPrefix("owner_id ") }) { own.append("owner_id TEXT REFERENCES users (id) ON DELETE SET NULL") }
    let chosen = statuses.map { "'\($0.value)'" }.joined(separator: ", ")
    let lines =
      [
        "seq INTEGER PRIMARY KEY", "id TEXT NOT NULL", "name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255)",
        "name_sort TEXT NOT NULL", "words TEXT NOT NULL",
        "status TEXT NOT NULL DEFAULT '\(list.usualStatus)' CHECK (status IN (\(chosen), 'trashed'))",
        "status_before TEXT CHECK (status_before IN (\(chosen)))",
      ] + own + derived.map { "\($0.column) TEXT NOT NULL DEFAULT ''" } + [
        "notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes))",
        "avatar_id TEXT REFERENCES files (id) ON DELETE SET NULL", "created_by TEXT REFERENCES users (id) ON DELETE SET NULL",
        "external_id TEXT", "version INTEGER NOT NULL DEFAULT 1",
        "created_at TEXT NOT NULL", "updated_at TEXT NOT NULL",
        "CONSTRAINT trash_remembers_status CHECK ((status = 'trashed') = (status_before IS NOT NULL))",
      ]
    return "CREATE TABLE \(table) (\n  " + lines.joined(separator: ",\n  ") + "\n);"
  }

  /// With the column of its folded text, where an index has that.
  private func definitions(of field: Field) -> [String] {
    field.kind.definitions(field.name) + (field.keyColumn.map { ["\($0) TEXT NOT NULL DEFAULT ''"] } ?? [])
  }

  /// Those of these names every table has, whether a field names them or not.
  private static let standardIndexes: Set<String> = ["by_id", "by_owner"]

  private func indexes(of field: Field) -> [String] {
    var own = field.kind.indexes(field.name).enumerated().map { number, rest in
      "CREATE INDEX \(table)_of_\(field.name)\(number == 0 ? "" : "_\(number + 1)") ON \(table) \(rest);"
    }
    if let unique = field.uniqueIndex(of: table), let place = field.listField(of: table)?.place {
      own.append("CREATE UNIQUE INDEX \(unique) ON \(table) (lower(\(place.column))) WHERE \(place.isNotEmpty.text);")
    }
    guard let index = field.index, let place = field.listField(of: table)?.place, !Self.standardIndexes.contains(index.name) else {
      return own
    }
    let columns =
      switch index {
      case .sorted: "(status, \(field.kind.comparison?.sortKey(place)?.expression ?? place.column), seq)"
      case .values: "(\(place.column))"
      case .empty(_, let order): "(status, \(order), seq) WHERE \(place.isEmpty.text)"
      }
    return ["CREATE INDEX \(table)_\(index.name) ON \(table) \(columns);"] + own
  }

  private var indexSQL: [String] {
    let name = nameField?.index == nil ? ["CREATE INDEX \(table)_by_name ON \(table) (status, name_sort, seq);"] : []
    return [
      "CREATE UNIQUE INDEX \(table)_by_id ON \(table) (id);",
      "CREATE UNIQUE INDEX \(table)_by_external_id ON \(table) (external_id) WHERE external_id IS NOT NULL;",
    ] + name + fields.flatMap(indexes) + [
      "CREATE INDEX \(table)_by_created ON \(table) (status, created_at, seq);",
      "CREATE INDEX \(table)_by_updated ON \(table) (status, updated_at, seq);",
      "CREATE INDEX \(table)_by_owner ON \(table) (owner_id) WHERE owner_id IS NOT NULL;",
      "CREATE INDEX \(table)_by_avatar ON \(table) (avatar_id) WHERE avatar_id IS NOT NULL;",
      "CREATE INDEX \(table)_by_creator ON \(table) (created_by) WHERE created_by IS NOT NULL;",
      "CREATE INDEX \(table)_not_\(list.usualStatus) ON \(table) (seq, status) WHERE status <> '\(list.usualStatus)';",
    ]
  }

  /// The full-text index over the folded words of each record, kept in step by triggers.
  private var searchSQL: String {
    let index = list.searchTable
    return """
      CREATE VIRTUAL TABLE \(index) USING fts5 (
        words, content = '\(table)', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
      );
      CREATE VIRTUAL TABLE \(index)_terms USING fts5vocab (\(index), instance);
      CREATE TRIGGER \(index)_insert AFTER INSERT ON \(table) BEGIN
        INSERT INTO \(index) (rowid, words) VALUES (new.seq, new.words);
      END;
      CREATE TRIGGER \(index)_delete AFTER DELETE ON \(table) BEGIN
        INSERT INTO \(index) (\(index), rowid, words) VALUES ('delete', old.seq, old.words);
      END;
      CREATE TRIGGER \(index)_update AFTER UPDATE OF words ON \(table) WHEN old.words <> new.words BEGIN
        INSERT INTO \(index) (\(index), rowid, words) VALUES ('delete', old.seq, old.words);
        INSERT INTO \(index) (rowid, words) VALUES (new.seq, new.words);
      END;
      """
  }

  /// How many records of each status there are, kept by triggers.
  private var countSQL: String {
    """
    CREATE TRIGGER \(name)_count_insert AFTER INSERT ON \(table) BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('\(list.name)', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER \(name)_count_delete AFTER DELETE ON \(table) BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = '\(list.name)' AND status = old.status;
    END;
    CREATE TRIGGER \(name)_count_update AFTER UPDATE OF status ON \(table) WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = '\(list.name)' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('\(list.name)', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    """
  }
}
