package import Templating

/// Makes the template's view of a form: what each field holds and what is wrong with it.
package enum FormRecord {
  static let fieldShape = ViewSchema("field", [("value", .text), ("error", .optional(.text))])
  package static let problemShape = ViewSchema("problem", [("field", .text), ("text", .text)])

  package static func shape(_ name: String, _ fields: [String]) -> ViewSchema {
    ViewSchema(name, fields.map { ($0, .record(fieldShape)) })
  }

  package static func record(
    _ shape: ViewSchema, _ fields: [String], values: [String: String], problems: ValidationErrors, for context: RequestContext
  ) -> ViewData {
    ViewData(
      shape,
      fields.map { name in
        .record(ViewData(fieldShape, [.text(values[name] ?? ""), problems[name].map { .text(context.text($0)) } ?? .null]))
      })
  }

  /// The summary over a failed form. What is wrong with a record's form says where by the type's labels.
  static func summary(_ problems: ValidationErrors, of type: RecordType, for context: RequestContext) -> Value {
    summary(problems, for: context, label: { type.label(of: $0, in: context.language) })
  }

  /// `labels` say where a field is that has no name a person knows.
  package static func summary(_ problems: ValidationErrors, labels: [String: String], for context: RequestContext) -> Value {
    summary(problems, for: context, label: { field in labels[field].map { context.language.text($0, [:]) } })
  }

  private static func summary(_ problems: ValidationErrors, for context: RequestContext, label: (String) -> String?) -> Value {
    .list(
      problems.order.map { field in
        let text = problems[field].map { context.text($0) } ?? ""
        return .record(ViewData(problemShape, [.text(field), .text((label(field).map { $0 + ": " } ?? "") + text)]))
      })
  }
}
