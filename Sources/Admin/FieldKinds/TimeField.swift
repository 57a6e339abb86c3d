import Base
import Store
package import Templating

/// A time of day without a day, `14:05`: opening hours, an alarm.
package struct TimeField: FieldKind {

  package init() {
  }
  /// With a minute and an hour of one digit or two; seconds, as some browsers send them, only where they are none.
  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard 2...3 ~= parts.count, 1...2 ~= parts[0].count, parts[1].count == 2, parts.count == 2 || parts[2] == "00",
      parts.allSatisfy({ $0.utf8.allSatisfy { 48...57 ~= $0 } }), let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24,
      minute < 60
    else { throw InvalidValue(Message("Invalid time. Enter it like 14:05.")) }
    return .text((hour < 10 ? "0" : "") + "\(hour):\(parts[1])")
  }

  package var jsonShape: JSONShape { .optional(.text(pattern: "^[0-9]{1,2}:[0-9]{2}(:00)?$")) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package func control(_ control: FieldControl) -> ViewData { control.data(type: "time") }

  package var cell: Column.Kind? { .value(self) }

  package var comparison: (any Comparison)? { TimeComparison() }
}
