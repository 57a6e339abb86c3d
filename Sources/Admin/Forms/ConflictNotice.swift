package import Templating

/// Somebody saved an interaction while this form was open: who, when, and where the two versions differ.
package struct ConflictNotice {
  let savedBy: String
  let savedAt: String
  /// `before` is what is stored now, `after` what this form says.
  let differences: [Change]
  let recordHref: String

  package init(savedBy: String, savedAt: String, differences: [Change], recordHref: String) {
    self.savedBy = savedBy
    self.savedAt = savedAt
    self.differences = differences
    self.recordHref = recordHref
  }

  static let rowShape = ViewSchema("difference", [("label", .text), ("theirs", .text), ("yours", .text)])
  package static let shape = ViewSchema(
    "conflict",
    [("savedBy", .text), ("at", .text), ("time", .text), ("recordHref", .text), ("rows", .list(.record(rowShape)))])

  package func record(for context: RequestContext) -> ViewData {
    let formats = context.formats
    return ViewData(
      Self.shape,
      [
        .text(savedBy), .text(savedAt), .text(formats.minute(savedAt)), .text(recordHref),
        .list(
          differences.map {
            let field = context.composition.field($0.field, of: nil)
            return .record(
              ViewData(
                Self.rowShape, [.text(field.label), .text(field.display($0.before, formats)), .text(field.display($0.after, formats))]))
          }),
      ])
  }
}
