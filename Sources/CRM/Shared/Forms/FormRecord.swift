import Templating

/// Makes the template's view of a form: what each field holds and what is wrong with it.
enum FormRecord {
  static let fieldShape = Shape("field", [("value", .text), ("error", .optional(.text))])
  static let problemShape = Shape("problem", [("field", .text), ("text", .text)])

  static func shape(_ name: String, _ fields: [String]) -> Shape {
    Shape(name, fields.map { ($0, .record(fieldShape)) })
  }

  static func record(_ shape: Shape, _ fields: [String], values: [String: String], problems: Problems, for visit: Visit) -> Record {
    Record(
      shape,
      fields.map { name in
        .record(Record(fieldShape, [.text(values[name] ?? ""), problems[name].map { .text(visit.text($0)) } ?? .null]))
      })
  }

  /// The summary over a failed form; `labels` say where a field is that has no name a person knows.
  static func summary(_ problems: Problems, labels: [String: String], for visit: Visit) -> Value {
    .list(
      problems.order.map { field in
        let text = problems[field].map { visit.text($0) } ?? ""
        let label = labels[field].map { visit.language.text($0, [:]) + ": " } ?? ""
        return .record(Record(problemShape, [.text(field), .text(label + text)]))
      })
  }
}
