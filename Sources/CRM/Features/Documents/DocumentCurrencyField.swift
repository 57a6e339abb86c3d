import Admin
import Base
import Templating
import Web

/// The currency of a document: the office's, unless another is chosen. With another one for a draft comes what becomes of its figures: `JPY keep` or
/// `JPY renew`, until it is saved.
struct DocumentCurrencyField: PlainTextKind {
  /// Amounts in the new currency of a draft.
  enum Exchange: String, CaseIterable {
    case keep, renew

    var label: String {
      switch self {
      case .keep: "Keep the numbers"
      case .renew: "Use new prices"
      }
    }
  }

  /// A currency, and what was answered with it.
  static func parts(_ text: String) -> (code: String, exchange: Exchange?) {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    return (parts.first ?? "", parts.count > 1 ? Exchange(rawValue: parts[1]) : nil)
  }

  private static func answer(_ name: String) -> String { name + "_figures" }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    let (code, exchange) = Self.parts(text)
    guard Currency.places(of: code.uppercased()) != nil, exchange != nil || !text.contains(" ") else {
      throw InvalidValue(Message("Unknown currency code “{code}”.", ["code": String(text.prefix(10))]))
    }
    return .text([code.uppercased(), exchange?.rawValue ?? ""].filter { !$0.isEmpty }.joined(separator: " "))
  }

  func inputs(_ name: String) -> FieldInputs { FieldInputs(single: [name, Self.answer(name)]) }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    let texts = [reader.line(name, atMost: 40), reader.line(Self.answer(name), atMost: 40)]
    do throws(InvalidValue) { return try parse(texts.filter { !$0.isEmpty }.joined(separator: " ")) } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  private static let choiceSchema = ViewSchema("currency-choice", [("value", .text), ("label", .text), ("on", .bool)])
  private static let schema = ViewSchema(
    "document-currency",
    [
      ("name", .text), ("label", .text), ("hint", .text), ("size", .text), ("error", .optional(.text)), ("options", .html),
      ("answer", .text), ("choices", .list(.record(choiceSchema))),
    ])

  var template: (name: String, schema: ViewSchema) { ("documents/currency-field", Self.schema) }

  func control(_ control: FieldControl) -> ViewData {
    let chosen = control.typed.isEmpty ? control.context.settings[.defaultCurrency].text : control.typed
    // One that isn't offered any more is still the document's.
    let codes = Currency.places(of: chosen) == nil ? [(chosen, chosen)] + Self.codes : Self.codes
    let stored = control.record.map { DocumentValues($0) }
    let answer = control.form[Self.answer(control.name)] ?? ""
    // Asked once the currency is another one.
    let isAsked = stored?.hasFigures == true && stored?.currency != chosen
    return ViewData(
      Self.schema,
      [
        .text(control.name), .text(control.field.label), .text(control.field.hint), .text(control.field.size.rawValue),
        control.error(control.name), Choices(codes).options(selected: chosen), .text(Self.answer(control.name)),
        .list(
          isAsked
            ? Exchange.allCases.map { exchange in
              .record(
                ViewData(
                  Self.choiceSchema,
                  [.text(exchange.rawValue), .text(control.context.language.text(exchange.label)), .bool(exchange.rawValue == answer)]))
            } : []),
      ])
  }

  private static let codes = Currency.all.map { ($0, $0) }
}
