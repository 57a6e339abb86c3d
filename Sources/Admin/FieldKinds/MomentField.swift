import Base
import Store
package import Templating

/// A date and a time, typed in the user's time zone and stored in UTC.
package struct MomentField: FieldKind {
  package init() {}

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    if let moment = Timestamp(withOffset: text) { return .text(moment.text) }
    // A minute without seconds, as people write it; UTC as everything in files.
    let wall = text.hasSuffix("Z") ? String(text.dropLast()) : text
    return try read(wall, ZoneClock("UTC"))
  }

  package var jsonShape: JSONShape { .optional(.moment) }

  package func parse(typed text: String, _ formats: Formats) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    if text.hasSuffix("Z"), let moment = Timestamp(text) { return .text(moment.text) }
    return try read(text, formats.zone)
  }

  private func read(_ text: String, _ zone: ZoneClock) throws(InvalidValue) -> FieldValue {
    try .text(TypedMoment.read(text, in: zone).text)
  }

  /// To the minute. A form that says the same minute changes nothing, so that seconds stay.
  package func typed(_ value: FieldValue, _ formats: Formats) -> String {
    // What reads exactly writes exactly, as in the history of a record.
    if formats.isExact { return value.text }
    return Timestamp(value.text).map { WallTime(formats.zone.local($0)).text } ?? value.text
  }

  package func display(_ history: String, _ formats: Formats) -> String { formats.minute(history) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  /// What is wrong is corrected as text: only so an offset can be added to it.
  package func control(_ control: FieldControl) -> ViewData {
    control.data(type: control.error(control.name).isTrue ? "text" : "datetime-local")
  }

  package var columnWidth: String { "firm-xl" }

  package var cell: Column.Kind? { .value(self) }

  package var comparison: (any Comparison)? { DateComparison(ofMoments: true) }
}
