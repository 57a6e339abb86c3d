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

  /// The summary over a failed form; `labels` say where a field is that has no name a person knows.
  package static func summary(_ problems: ValidationErrors, labels: @autoclosure () -> [String: String], for context: RequestContext)
    -> Value
  {
    if problems.isEmpty { return [] }
    let labels = labels()
    return .list(
      problems.order.map { field in
        let text = problems[field].map { context.text($0) } ?? ""
        let label = labels[field].map { context.language.text($0, [:]) + ": " } ?? ""
        return .record(ViewData(problemShape, [.text(field), .text(label + text)]))
      })
  }
}
