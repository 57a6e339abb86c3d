extension FilesField {
  /// A line for each file whose id is in a column, with commas between ids: its id and its name. A permanently deleted file is left out.
  static func lines(of column: String) -> String {
    """
    (SELECT group_concat(files.id || ' ' || files.name, char(10)) FROM json_each('["' || replace(\(column), ',', '","') || '"]') AS listed
      CROSS JOIN files ON files.id = listed.value)
    """
  }
}
