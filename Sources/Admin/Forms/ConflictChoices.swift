import Templating
package import Web

/// The page on which somebody chooses between two versions: what a form says and what is stored. Only what both sides changed is on it; the rest of the
/// form is put together already and waits in hidden inputs.
package struct ConflictChoices {
  /// Something that both sides changed.
  package struct Row {
    let name: String
    let label: String
    /// What is stored, what the form says, and who saved the former: empty for the visitor.
    let theirs, yours, by: String
    /// Whether the form's version is chosen at first.
    let keepsMine: Bool

    package init(_ name: String, label: String, theirs: String, yours: String, by: String, keepsMine: Bool) {
      (self.name, self.label, self.theirs, self.yours, self.by, self.keepsMine) = (name, label, theirs, yours, by, keepsMine)
    }
  }

  let title: Message
  /// Who saved last; empty for the visitor.
  let by: String
  /// Where it posts to, and what it says there.
  let action: String
  let fields: [FormFields.Field]
  /// The stored version, from which the form goes on.
  let version: Int
  let recordHref: String
  let rows: [Row]
  /// Nobody was faster: an earlier version is to be put back over something newer.
  var isReversion = false
  /// Whether it is shown in the place of a fact.
  var isInline = false

  package init(
    title: Message, by: String, action: String, fields: [FormFields.Field], version: Int, recordHref: String, rows: [Row],
    isReversion: Bool = false, isInline: Bool = false
  ) {
    (self.title, self.by, self.action, self.fields, self.version) = (title, by, action, fields, version)
    (self.recordHref, self.rows, self.isReversion, self.isInline) = (recordHref, rows, isReversion, isInline)
  }

  /// The input by which somebody says whose version of something is kept: `mine` or `theirs`.
  package static func input(_ name: String) -> String { "keep_" + name }

  private static let hiddenSchema = ViewSchema("hidden", [("name", .text), ("value", .text)])
  private static let rowSchema = ViewSchema(
    "difference", [("input", .text), ("label", .text), ("theirs", .text), ("yours", .text), ("by", .text), ("keepsMine", .bool)])
  private static let schema = ViewSchema(
    "record-conflict",
    [
      ("title", .text), ("by", .text), ("action", .text), ("recordHref", .text), ("version", .int), ("isReversion", .bool),
      ("isInline", .bool), ("hidden", .list(.record(hiddenSchema))), ("rows", .list(.record(rowSchema))),
    ])
  static let pages = ["records/conflict": schema]

  /// 409, with the page.
  package func response(for context: RequestContext) throws -> Response {
    let passedOver: Set<String> = ["csrf_token", SentForm.input, "version", "save", "compare", "review"]
    let data = ViewData(
      Self.schema,
      [
        .text(context.text(title)), .text(by), .text(action), .text(recordHref), .int(version), .bool(isReversion), .bool(isInline),
        .list(
          fields.filter { !passedOver.contains($0.name) }
            .map { .record(ViewData(Self.hiddenSchema, [.text($0.name), .text($0.value)])) }),
        .list(
          rows.map { row in
            .record(
              ViewData(
                Self.rowSchema,
                [
                  .text(Self.input(row.name)), .text(row.label), .text(row.theirs), .text(row.yours), .text(row.by), .bool(row.keepsMine),
                ]))
          }),
      ])
    return try context.store.read { _ in try context.page("records/conflict", data, status: 409) }
  }
}
