import Base
import PhoneNumbers
package import Store
package import Templating

/// A phone number, kept as it was typed, and beside it what has to be dialed.
package struct PhoneField: PlainTextKind {

  package init() {
  }

  package func columns(_ name: String) -> [String] { [name, name + "_number"] }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField().parse(text)
    if !text.isEmpty, !(3...20).contains(TextFolding.digits(text).utf8.count) {
      throw InvalidValue(Message("Enter a phone number, like +30 210 1234567."))
    }
    return value
  }

  package var jsonShape: JSONShape { .optional(.text(atMost: 255)) }

  package func stored(_ value: FieldValue) -> [SQLValue] { [.text(value.text), .text(PhoneLink.number(value.text))] }

  package var dependsOnCountry: Bool { true }

  package func searchWords(_ value: FieldValue) -> [String] { value.isEmpty ? [] : PhoneWords.indexed(value.text) }

  package func addresses(_ value: FieldValue) -> [String] { value.isEmpty ? [] : [value.text] }

  package func href(_ value: FieldValue) -> String? { PhoneLink.tel(number: PhoneLink.number(value.text)) }

  package func control(_ control: FieldControl) -> ViewData { control.data(type: "tel") }

  package var cell: Column.Kind? { .phone }
}
