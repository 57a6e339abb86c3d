package import Base
package import Store

/// Headings of files that together make a field's value: parts of it, or what it was called before.
package final class ImportColumns: Sendable {
  /// With the kind that says what a text there may be.
  let headings: [(name: String, kind: any FieldKind)]
  /// The field's name.
  let field: String
  /// Whether a file that has one of them needs all of them.
  let areInseparable: Bool
  /// A remark on a file that has them.
  let remark: String?
  /// The value, once the texts stand in the one that the record has; `nil` for a heading that the file does not have.
  let combine: @Sendable (_ texts: [String?], _ stored: FieldValue) -> FieldValue
  /// The words by which a search finds these texts, where that is sooner told than those of the value.
  let words: (@Sendable (_ texts: [String?]) -> [String])?

  package init(
    _ headings: [(String, any FieldKind)], of field: String, areInseparable: Bool = false, remark: String? = nil,
    words: (@Sendable (_ texts: [String?]) -> [String])? = nil,
    combine: @escaping @Sendable (_ texts: [String?], _ stored: FieldValue) -> FieldValue
  ) {
    self.headings = headings.map { (name: $0.0, kind: $0.1) }
    self.field = field
    self.areInseparable = areInseparable
    self.remark = remark
    self.words = words
    self.combine = combine
  }

  /// A former name of a field.
  package static func former(_ name: String, of field: String) -> ImportColumns {
    ImportColumns([(name, LineField())], of: field) { texts, _ in FieldValue(texts[0] ?? "") }
  }
}

/// Takes over a field that is kept in other tables while many new records come in at once.
package protocol BulkField {
  /// Columns of the record's own row that repeat something of the value.
  var columns: [String] { get }
  /// What they hold. `nil` where the record has to be written by itself.
  func stored(_ value: FieldValue) throws(InvalidValue) -> [SQLValue]?
  /// Writes the value that was `stored` last, of the record that is there now.
  func save(for record: RecordID, created: Timestamp) throws
  /// Has all records come in.
  func load(_ records: () throws -> Void) throws
}
