import Base
import Templating

/// An e-mail address.
struct EmailField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField().parse(text)
    if !text.isEmpty, !EmailAddress.isPlausible(text) { throw InvalidValue(Message("Enter an e-mail address, like ann@example.com.")) }
    return value
  }

  func href(_ value: FieldValue) -> String? { value.isEmpty ? nil : "mailto:" + value.text }

  func control(_ control: FieldControl) -> ViewData { control.data(type: "email") }

  var cell: Column.Kind? { .email }
}
