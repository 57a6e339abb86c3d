extension Store {
  /// The statements that create this schema, each table followed by its indexes and triggers, in an order that doesn't
  /// depend on history. Leaves out what SQLite creates by itself, such as the shadow tables of a full-text index.
  package func schema() throws -> String {
    try read { database in
      try database.all(
        """
        SELECT sql FROM sqlite_schema
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
          AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
        ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 WHEN 'view' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name
        """
      ) { $0.text(0) + ";\n" }.joined(separator: "\n")
    }
  }
}
