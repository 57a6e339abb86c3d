import Admin
import Base
import Money

extension DocumentValues {
  /// Everything that the totals follow from. Throws what can't be read, by the names of inputs.
  func priced(_ own: [DocumentLine]? = nil, paid: Int64 = 0) throws(DocumentErrors) -> PricedDocument {
    var errors = ValidationErrors()
    var lines: [PricedDocument.Line?] = []
    for (index, line) in (own ?? self.lines).enumerated() {
      do throws(InvalidValue) {
        lines.append(try priced(line))
      } catch {
        errors.add("line-\(index)", error.message)
        lines.append(nil)
      }
    }
    var document = PricedDocument(
      currency: currency, prices: self["prices"].text == "gross" ? .gross : .net, lines: lines, discount: nil, charges: [], paid: paid)
    do throws(InvalidValue) { document.discount = try discount.map { d throws(InvalidValue) in try priced(d) } } catch {
      errors.add("discount", error.message)
    }
    if case .amount(let minor, let code) = self["shipping"], minor != 0 {
      if code != currency {
        errors.add("shipping", Message("Shipping must be in the document’s currency, {currency}.", ["currency": currency]))
      } else if let vat = ShippingVATField.vat(self["shipping_vat"]).map(Self.code) ?? Money.VATCode(.outOfScope) {
        document.charges = [PricedDocument.Charge(Int64(minor), vat: vat)]
      }
    }
    guard errors.isEmpty else { throw DocumentErrors(errors: errors) }
    return document
  }

  /// Shipping is taxed as most of the goods are, unless its own VAT code is there.
  mutating func setShippingVAT() {
    guard !self["shipping"].isEmpty, self["shipping_vat"].isEmpty else { return }
    var sums: [DocumentLine.VAT.Key: (sum: Int128, vat: DocumentLine.VAT)] = [:]
    for line in lines {
      guard let vat = line.vat, let units = try? units(line.price, extraPlaces: UnitPrice.extraPlaces) else { continue }
      sums[vat.key, default: (0, vat)].sum += Int128(line.quantity ?? 0) * Int128(units)
    }
    let largest = sums.values.max { ($0.sum, $0.vat.rate) < ($1.sum, $1.vat.rate) }
    if let largest { self["shipping_vat"] = ShippingVATField.value(largest.vat) }
  }

  private static func code(_ vat: DocumentLine.VAT) -> Money.VATCode? {
    Money.VATCode(Money.VATCode.Category(rawValue: vat.category) ?? .outOfScope, Percentage(vat.rate))
  }

  private func priced(_ line: DocumentLine) throws(InvalidValue) -> PricedDocument.Line? {
    guard line.kind.isPriced else { return nil }
    guard let quantity = line.quantity, quantity > 0 else { throw InvalidValue(Message("Enter a quantity above 0.")) }
    if line.price.isEmpty { throw InvalidValue(Message("Enter a price.")) }
    guard let vat = line.vat.map(Self.code) ?? Money.VATCode(.outOfScope) else {
      throw InvalidValue(Message("This VAT code no longer exists. Choose another."))
    }
    return PricedDocument.Line(
      Quantity(quantity), at: UnitPrice(try units(line.price, extraPlaces: UnitPrice.extraPlaces)),
      discount: try line.discount.map { d throws(InvalidValue) in try priced(d) }, vat: vat,
      correction: .init(
        total: line.rounding.isEmpty ? 0 : try units(line.rounding), vat: line.vatRounding.isEmpty ? 0 : try units(line.vatRounding)))
  }

  private func priced(_ discount: DocumentLine.Discount) throws(InvalidValue) -> PricedDocument.Discount {
    switch discount {
    case .percentage(let units): .percentage(Percentage(units))
    case .fixed(let amount): .fixed(try units(amount))
    }
  }

  /// Every total; throws what is wrong, by the names of inputs. `lines` are its own, if they have been read already.
  func totals(of lines: [DocumentLine]? = nil, paid: Int64 = 0, traced: Bool = false) throws(DocumentErrors) -> DocumentTotals {
    let document = try priced(lines, paid: paid)
    do throws(TotalsErrors) {
      return try document.totals(traced: traced)
    } catch {
      throw DocumentErrors(errors: errors(error))
    }
  }

  /// The totals as the document keeps them, by the names of fields.
  func figures(_ totals: DocumentTotals) -> [String: FieldValue] {
    [
      "subtotal": amount(totals.lineTotal), "net": amount(totals.net), "vat": amount(totals.vat), "total": amount(totals.gross),
    ]
  }

  private func errors(_ found: TotalsErrors) -> ValidationErrors {
    var errors = ValidationErrors()
    for (place, problem) in found.all {
      let input =
        switch place {
        case .document: if case .unknownCurrency = problem { "currency" } else { "lines" }
        case .discount: "discount"
        case .line(let index): "line-\(index)"
        case .charge: "shipping"
        }
      errors.add(input, message(problem))
    }
    return errors
  }

  private func message(_ problem: TotalsErrors.Problem) -> Message {
    switch problem {
    case .tooLarge: Message("This amount is too large.")
    case .unknownCurrency(let code): Message("Unknown currency code “{code}”.", ["code": code])
    case .negativePrice, .negativeCharge: Message("An amount can’t be negative.")
    case .percentageOutOfRange: Message("Enter a percentage from 0 to 100.")
    case .discountOutOfRange(let most):
      Message("This discount is more than the amount it’s taken from, {amount}.", money: ["amount": money(most)])
    case .negativeTotal: Message("The total can’t be negative.")
    }
  }
}

/// What is wrong with a document, by the names of its inputs.
struct DocumentErrors: Error {
  let errors: ValidationErrors
}
