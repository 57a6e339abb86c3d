import Base
import Store
package import Templating
package import Web

/// What the inputs of a field are drawn from: the input, its errors, and the current user.
package struct FieldControl {
  package let field: Field
  package let form: FormFields
  package let errors: ValidationErrors
  package let context: RequestContext
  /// Whether the form makes a new record.
  package let isNew: Bool
  /// The record as it is stored; `nil` for a new one.
  package var record: Record?
  /// Whether it is where typing begins.
  let isFirst: Bool

  static let choiceSchema = ViewSchema("choice", [("value", .text), ("label", .text), ("on", .bool)])
  /// What the simple controls share: one input, a select or boxes.
  package static let schema = ViewSchema(
    "field-control",
    [
      ("name", .text), ("label", .text), ("value", .text), ("error", .optional(.text)), ("hint", .text), ("size", .text), ("type", .text),
      ("mode", .text), ("isRequired", .bool), ("isFirst", .bool), ("options", .html), ("choices", .list(.record(choiceSchema))),
    ])

  package var name: String { field.name }
  /// The content of the single input.
  package var typed: String { form[field.name] ?? "" }

  package func error(_ input: String) -> Value { errors[input].map { .text(context.text($0)) } ?? .null }

  /// `mode` is an `inputmode`: which keys a phone shows.
  package func data(
    type: String = "text", mode: String = "", options: Value = .html(HTML.empty), choices: [(value: String, label: String)] = []
  ) -> ViewData {
    let chosen = choices.isEmpty ? [] : Set(form.all(field.name))
    return ViewData(
      Self.schema,
      [
        .text(field.name), .text(field.label), .text(typed), error(field.name), .text(field.hint), .text(field.size.rawValue),
        .text(type), .text(mode), .bool(field.isRequired), .bool(isFirst), options,
        .list(
          choices.map { choice in
            .record(
              ViewData(
                Self.choiceSchema,
                [.text(choice.value), .text(context.language.text(choice.label)), .bool(chosen.contains(choice.value))]))
          }),
      ])
  }
}
