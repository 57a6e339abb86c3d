import Base
import Store
package import Templating

/// A day in the calendar, kept as `2026-11-20`: a birthday is the same day everywhere.
package struct DateField: PlainTextKind {
  /// Whether “today” is the office's day, as for what is due, and not the user's.
  private let isOfBusiness: Bool

  package init(ofBusiness isOfBusiness: Bool = false) { self.isOfBusiness = isOfBusiness }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard text.isEmpty || Day(text) != nil else { throw InvalidValue(Message("Invalid date. Enter it like 2026-11-20.")) }
    return FieldValue(text)
  }

  package var jsonShape: JSONShape { .optional(.text(format: "date")) }

  package func display(_ history: String, _ formats: Formats) -> String { formats.date(history) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package func control(_ control: FieldControl) -> ViewData { control.data(type: "date") }

  package var cell: Column.Kind? { .date }

  package var comparison: (any Comparison)? { DateComparison(ofBusiness: isOfBusiness) }
}
