import Admin

extension TagsField {
  /// A line for each tag: the number of its colour and its name.
  static func lines(of table: String) -> String {
    """
    (SELECT group_concat(color || ' ' || name, char(10)) FROM (SELECT tags.color, tags.name FROM record_tags
      JOIN tags ON tags.id = record_tags.tag_id WHERE record_tags.record_id = \(table).id ORDER BY tags.name_sort))
    """
  }
}
