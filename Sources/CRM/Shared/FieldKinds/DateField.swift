import Base
import Store
import Templating

/// A day in the calendar, kept as `2026-11-20`: a birthday is the same day everywhere.
struct DateField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard text.isEmpty || Day(text) != nil else { throw InvalidValue(Message("There is no such day. Write it like 2026-11-20.")) }
    return FieldValue(text)
  }

  func display(_ history: String, _ formats: Formats) -> String { formats.date(history) }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  func control(_ control: FieldControl) -> ViewData { control.data(type: "date") }

  var cell: Column.Kind? { .date }
}
