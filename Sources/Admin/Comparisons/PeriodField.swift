import Base
import Templating
import Web

/// The days that a filter asks for: a date, or beside it a choice of words that follow from today.
struct PeriodField: FieldKind {
  /// Whether only one day will do.
  var isOneDay = false

  private static func period(_ name: String) -> String { name + "_period" }

  /// What is offered in place of a date.
  private var periods: [DateOperand] {
    isOneDay ? [.today] : [.today, .thisWeek, .thisMonth, .lastDays(7), .lastDays(30), .lastDays(90), .nextDays(7), .nextDays(30)]
  }

  func parse(_ text: String) -> FieldValue { FieldValue(text) }

  func inputs(_ name: String) -> FieldInputs { FieldInputs(single: [name, Self.period(name)]) }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    let typed = [name, Self.period(name)].map { TextNormalizing.clean(reader.form[$0] ?? "") }.filter { !$0.isEmpty }
    if typed.count > 1 { reader.problem(name, Message("Choose a date or a period, not both.")) }
    return FieldValue(typed.first ?? "")
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    let isDate = Day(value.text) != nil
    return [FormFields.Field(name, isDate ? value.text : ""), FormFields.Field(Self.period(name), isDate ? "" : value.text)]
  }

  var template: (name: String, schema: ViewSchema) { ("fields/period", FieldControl.schema) }

  func control(_ control: FieldControl) -> ViewData {
    let chosen = control.form[Self.period(control.name)] ?? ""
    // An address may ask for any number of days.
    let offered = periods + [DateOperand(chosen)].compactMap(\.self).filter { !periods.contains($0) }
    let formats = control.context.formats
    let choices = Choices([("", formats.language.text("or a period"))] + offered.map { ($0.text, $0.display(formats)) })
    // What is no date can be seen and corrected only as text.
    let isText = !control.typed.isEmpty && Day(control.typed) == nil
    return control.data(type: isText ? "text" : "date", options: choices.options(selected: chosen))
  }
}
