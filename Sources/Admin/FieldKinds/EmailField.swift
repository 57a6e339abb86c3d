import Base
package import Templating

/// An e-mail address.
package struct EmailField: PlainTextKind {
  package init() {}

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField().parse(text)
    if !value.isEmpty, !EmailAddress.isPlausible(value.text) {
      throw InvalidValue(Message("Enter an e-mail address, like ann@example.com."))
    }
    return value
  }

  package var jsonShape: JSONShape { .optional(.text(atMost: 255, format: "email")) }

  package func addresses(_ value: FieldValue) -> [String] { value.isEmpty ? [] : [value.text] }

  package func href(_ value: FieldValue) -> String? { value.isEmpty ? nil : EmailLink.href(value.text) }

  package func control(_ control: FieldControl) -> ViewData { control.data(type: "email") }

  package var cell: Column.Kind? { .email }
}
