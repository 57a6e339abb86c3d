import Base
import Money
import XML

/// Everything that has an amount.
extension UBLWriter {
  func sums() -> [XMLElement?] {
    let discounts = figures.discounts.map { allowance($0.amount, invoice.discountReason, vat: $0.vat) }
    let charges = figures.charges.map { charge in
      let reasons = charge.indices.compactMap { invoice.chargeReasons[$0].written }
      return XMLElement(
        "cac:AllowanceCharge",
        [
          XMLElement("cbc:ChargeIndicator", "true"), .optional("cbc:AllowanceChargeReason", reasons.joined(separator: ", ")),
          money("cbc:Amount", charge.amount), category("cac:TaxCategory", charge.vat),
        ])
    }
    return discounts + charges + taxes() + [total()]
  }

  private func taxes() -> [XMLElement?] {
    let groups = invoice.totals.vatGroups.map { group in
      XMLElement(
        "cac:TaxSubtotal",
        [
          money("cbc:TaxableAmount", group.taxable), money("cbc:TaxAmount", group.vat),
          category("cac:TaxCategory", group.code, reasons: exemption(group.code.category)),
        ])
    }
    let own = invoice.vatInOwnCurrency.map { vat in
      let money = AmountWriter(currency: vat.currency, places: Currency.places(of: vat.currency) ?? 2)
      return XMLElement("cac:TaxTotal", [money("cbc:TaxAmount", vat.minor)])
    }
    return [XMLElement("cac:TaxTotal", [money("cbc:TaxAmount", invoice.totals.vat)] + groups), own]
  }

  private func total() -> XMLElement {
    let totals = invoice.totals
    return XMLElement(
      "cac:LegalMonetaryTotal",
      [
        money("cbc:LineExtensionAmount", figures.lineTotal), money("cbc:TaxExclusiveAmount", totals.net),
        money("cbc:TaxInclusiveAmount", totals.gross),
        figures.discounts.isEmpty ? nil : money("cbc:AllowanceTotalAmount", figures.discountTotal),
        figures.charges.isEmpty ? nil : money("cbc:ChargeTotalAmount", figures.chargeTotal),
        totals.paid == 0 ? nil : money("cbc:PrepaidAmount", totals.paid),
        totals.rounding == 0 ? nil : money("cbc:PayableRoundingAmount", totals.rounding), money("cbc:PayableAmount", totals.due),
      ])
  }

  func line(_ place: Int, _ figures: Figures.Line) -> XMLElement? {
    guard let line = invoice.lines[figures.index] else { return nil }
    let quantity = DecimalText.of(figures.quantity.thousandths, places: Quantity.places, fewest: 0)
    return XMLElement(
      isCredit ? "cac:CreditNoteLine" : "cac:InvoiceLine",
      [
        XMLElement("cbc:ID", line.id.written ?? String(place + 1)),
        XMLElement(isCredit ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", quantity, attributes: ["unitCode": line.unit]),
        money("cbc:LineExtensionAmount", figures.net),
        figures.discount == 0 ? nil : allowance(figures.discount, line.discountReason, percentage: figures.percentage),
        XMLElement(
          "cac:Item",
          [
            .optional("cbc:Description", line.description), .optional("cbc:Name", line.name),
            .group("cac:SellersItemIdentification", [.optional("cbc:ID", line.sku)]),
            category("cac:ClassifiedTaxCategory", figures.vat),
          ]), XMLElement("cac:Price", [money("cbc:PriceAmount", decimal: figures.price)]),
      ])
  }

  /// A discount of the document, which has VAT, or of a line. It needs a reason: at least code 95 of UNTDID 5189, a discount.
  private func allowance(
    _ amount: Int64, _ reason: String, percentage: (part: Percentage, of: Int64)? = nil, vat: VATCode? = nil
  ) -> XMLElement {
    XMLElement(
      "cac:AllowanceCharge",
      [
        XMLElement("cbc:ChargeIndicator", "false"), XMLElement("cbc:AllowanceChargeReasonCode", "95"),
        .optional("cbc:AllowanceChargeReason", reason),
        percentage.map { XMLElement("cbc:MultiplierFactorNumeric", text($0.part)) },
        money("cbc:Amount", amount), percentage.map { money("cbc:BaseAmount", $0.of) }, vat.map { category("cac:TaxCategory", $0) },
      ])
  }

  private func category(_ name: String, _ vat: VATCode, reasons: [XMLElement?] = []) -> XMLElement {
    XMLElement(
      name,
      [
        XMLElement("cbc:ID", vat.category.rawValue),
        // What is out of scope has no rate, not even 0 (BR-O-05).
        vat.category == .outOfScope ? nil : XMLElement("cbc:Percent", text(vat.rate)),
      ] + reasons + [UBLWriter.vatScheme])
  }

  /// Why a category has no VAT, by code (VATEX) where it says it all, and in words.
  private func exemption(_ category: VATCode.Category) -> [XMLElement?] {
    let code: String? =
      switch category {
      case .standard, .zero, .exempt: nil
      case .reverseCharge: "VATEX-EU-AE"
      case .intraCommunity: "VATEX-EU-IC"
      case .export: "VATEX-EU-G"
      case .outOfScope: "VATEX-EU-O"
      }
    guard code != nil || category == .exempt else { return [] }
    return [.optional("cbc:TaxExemptionReasonCode", code), .optional("cbc:TaxExemptionReason", invoice.exemptionReasons[category])]
  }

  private func text(_ percentage: Percentage) -> String { DecimalText.of(percentage.units, places: Percentage.places, fewest: 0) }

  static let vatScheme = XMLElement("cac:TaxScheme", [XMLElement("cbc:ID", "VAT")])
}
