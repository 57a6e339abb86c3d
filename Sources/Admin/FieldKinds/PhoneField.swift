import Base
package import Templating

/// A phone number, kept as it was typed and found by its digits.
package struct PhoneField: FieldKind {

  package init() {
  }
  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField().parse(text)
    if !text.isEmpty, !(3...20).contains(TextFolding.digits(text).utf8.count) {
      throw InvalidValue(Message("Enter a phone number, like +30 210 1234567."))
    }
    return value
  }

  package func searchWords(_ value: FieldValue) -> [String] { [TextFolding.digits(value.text)] }

  package func href(_ value: FieldValue) -> String? { value.isEmpty ? nil : PhoneLink.tel(value.text) }

  package func control(_ control: FieldControl) -> ViewData { control.data(type: "tel") }

  package var cell: Column.Kind? { .phone }
}
