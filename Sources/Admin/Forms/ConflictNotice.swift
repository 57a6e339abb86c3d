package import Templating

/// Somebody saved the record while this form was open: who, when, and where the two versions differ.
package struct ConflictNotice {
  /// Nobody was faster: an earlier version is to be put back over something newer.
  var isReversion = false
  let savedBy: String
  let savedAt: String
  /// `before` is what is stored now, `after` what this form says.
  let differences: [Change]
  let recordHref: String
  /// Whose fields they are; `nil` for what isn't a record's.
  var type: RecordType?

  package init(
    isReversion: Bool = false, savedBy: String, savedAt: String, differences: [Change], recordHref: String, type: RecordType? = nil
  ) {
    self.isReversion = isReversion
    self.savedBy = savedBy
    self.savedAt = savedAt
    self.differences = differences
    self.recordHref = recordHref
    self.type = type
  }

  static let rowShape = ViewSchema("difference", [("label", .text), ("theirs", .text), ("yours", .text)])
  package static let shape = ViewSchema(
    "conflict",
    [("isReversion", .bool), ("savedBy", .text), ("at", .text), ("time", .text), ("recordHref", .text), ("rows", .list(.record(rowShape)))])

  package func record(for context: RequestContext) -> ViewData {
    let formats = context.formats
    return ViewData(
      Self.shape,
      [
        .bool(isReversion), .text(savedBy), .text(savedAt), .text(formats.minute(savedAt)), .text(recordHref),
        .list(
          differences.map {
            let field = context.composition.field($0.field, of: type)
            return .record(
              ViewData(
                Self.rowShape, [.text(field.label), .text(field.display($0.before, formats)), .text(field.display($0.after, formats))]))
          }),
      ])
  }
}
