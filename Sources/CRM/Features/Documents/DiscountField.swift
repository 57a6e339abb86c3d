import Admin
import Base
import Store
import Templating
import Web

/// A discount on a whole document: `10%`, or an amount in its currency.
struct DiscountField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue { try read(text, nil) }

  func parse(typed text: String, _ formats: Formats) throws(InvalidValue) -> FieldValue { try read(text, formats) }

  private func read(_ text: String, _ formats: Formats?) throws(InvalidValue) -> FieldValue {
    try DocumentLine.discount(text, formats).map { .text(DocumentLine.text($0)) } ?? .empty
  }

  func typed(_ value: FieldValue, _ formats: Formats) -> String {
    (try? DocumentLine.discount(value.text, nil)).map { DocumentLine.typed($0, formats) } ?? value.text
  }

  func display(_ history: String, _ formats: Formats) -> String { typed(FieldValue(history), formats) }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  func control(_ control: FieldControl) -> ViewData { control.data(mode: "decimal") }
}
