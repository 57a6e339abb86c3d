import Admin
import Base
import Money

extension DocumentValues {
  /// Whether it has amounts that are in its currency.
  var hasFigures: Bool {
    if case .fixed? = discount { return true }
    return !self["shipping"].isEmpty || lines.contains { !$0.price.isEmpty }
  }

  /// A draft in another currency than before: figures are kept or priced again, as was asked for, and never converted.
  /// Gives what has to be answered or entered.
  mutating func exchange(from stored: Record?) -> ValidationErrors {
    let (code, answer) = DocumentCurrencyField.parts(currency)
    self["currency"] = FieldValue(code)
    var errors = ValidationErrors()
    // What isn't a draft any more is refused by its rule.
    guard let stored, stored.status == "draft" else { return errors }
    let before = DocumentValues(stored)
    guard before.currency != code, before.hasFigures else { return errors }
    switch answer {
    case nil:
      errors.add(
        "currency",
        Message("Amounts are in {currency} and won’t be converted. Keep the numbers or use new prices?", ["currency": before.currency]))
    case .keep:
      if case .amount = self["shipping"], self["shipping"] == before["shipping"] {
        let figure = before.decimal(before.minor("shipping"))
        if let minor = try? units(figure) { self["shipping"] = amount(minor) }
      }
    case .renew:
      // What somebody typed along with it stays.
      let known = Dictionary(before.lines.map { ($0.id, $0) }) { first, _ in first }
      let entered = Message("Enter this amount in {currency}.", ["currency": code])
      var discounted: [Int] = []
      lines = lines.enumerated().map { place, line in
        guard let former = known[line.id] else { return line }
        var line = line
        if DocumentLine.isSame(line.price, former.price) { line.price = "" }
        if Self.isSame(line.discount, former.discount) { discounted.append(place) }
        return line
      }
      for place in discounted { errors.add("line-\(place)", entered) }
      if Self.isSame(discount, before.discount) { errors.add("discount", entered) }
      if !self["shipping"].isEmpty, self["shipping"] == before["shipping"] { errors.add("shipping", entered) }
    }
    return errors
  }

  private static func isSame(_ a: DocumentLine.Discount?, _ b: DocumentLine.Discount?) -> Bool {
    guard case .fixed(let a)? = a, case .fixed(let b)? = b else { return false }
    return DocumentLine.isSame(a, b)
  }
}
