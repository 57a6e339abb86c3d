import Base
import Templating

/// A phone number, kept as it was typed and found by its digits.
struct PhoneField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField().parse(text)
    if !text.isEmpty, !(3...20).contains(TextFolding.digits(text).utf8.count) {
      throw InvalidValue(Message("Enter a phone number, like +30 210 1234567."))
    }
    return value
  }

  func searchWords(_ value: FieldValue) -> [String] { [TextFolding.digits(value.text)] }

  func href(_ value: FieldValue) -> String? { value.isEmpty ? nil : PhoneLink.tel(value.text) }

  func control(_ control: FieldControl) -> ViewData { control.data(type: "tel") }

  var cell: Column.Kind? { .phone }
}
