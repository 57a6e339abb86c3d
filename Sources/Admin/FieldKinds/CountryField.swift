import Base
import Store
package import Templating

/// A country, by its ISO 3166-1 alpha-2 code or XK.
package struct CountryField: PlainTextKind {
  package init() {}

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let code = text.uppercased()
    if !code.isEmpty, Country.name(of: code) == nil {
      throw InvalidValue(Message("Unknown country code “{code}”.", ["code": String(code.prefix(10))]))
    }
    return FieldValue(code)
  }

  package var jsonShape: JSONShape { .optional(.text(pattern: "^[A-Za-z]{2}$")) }

  package func display(_ history: String, _ formats: Formats) -> String { formats.country(history) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  package func control(_ control: FieldControl) -> ViewData {
    control.data(options: Choices.countries(in: control.context.language).options(selected: control.typed))
  }

  package var cell: Column.Kind? { .country }

  package var comparison: (any Comparison)? { ChoiceComparison(self) }
}
