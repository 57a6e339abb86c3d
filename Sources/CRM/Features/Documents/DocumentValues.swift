import Admin
import Base
import Money

/// The fields of a document by name, while they are worked out.
struct DocumentValues {
  let type: RecordType
  var values: [FieldValue]

  init(_ record: Record) { (type, values) = (record.type, record.values) }

  init(_ values: [FieldValue], of type: RecordType) { (self.type, self.values) = (type, values) }

  subscript(name: String) -> FieldValue {
    get { type.index(of: name).map { values[$0] } ?? .empty }
    set { if let index = type.index(of: name) { values[index] = newValue } }
  }

  var lines: [DocumentLine] {
    get { DocumentLine.list(self["lines"]) }
    set { self["lines"] = DocumentLine.value(newValue) }
  }

  var currency: String { self["currency"].text }

  /// In minor units; 0 for none.
  func minor(_ name: String) -> Int64 { if case .amount(let minor, _) = self[name] { Int64(minor) } else { 0 } }

  func amount(_ minor: Int64) -> FieldValue { .amount(Int(minor), currency: currency) }

  /// An exact amount in the document's currency, `12.50 EUR`.
  func money(_ minor: Int64) -> String { "\(decimal(minor)) \(currency)" }

  var discount: DocumentLine.Discount? { try? DocumentLine.discount(self["discount"].text, nil) }

  /// A decimal in the document's currency, in units that are `extraPlaces` smaller than a minor unit.
  func units(_ decimal: String, extraPlaces: Int = 0) throws(InvalidValue) -> Int64 {
    let places = (Currency.places(of: currency) ?? 2) + extraPlaces
    guard let n = try DecimalField(places: places).parse(decimal).number else { throw InvalidValue(Message("Enter an amount.")) }
    return Int64(n)
  }

  /// Such units as a decimal, with the decimals of the currency at least.
  func decimal(_ units: Int64, extraPlaces: Int = 0) -> String {
    let places = Currency.places(of: currency) ?? 2
    return DecimalField(places: places + extraPlaces, fewest: places).text(.integer(Int(units)))
  }
}
