import Base
import EInvoice
import Money
import TestKit
import Testing
import XML

/// The sums that receivers check, exact to the cent where the official rules let up to a whole unit pass.
struct StrictSums {
  private let root: XMLElement
  private let places: Int

  init(_ root: XMLElement) {
    self.root = root
    places = root["cbc:DocumentCurrencyCode"].first.flatMap { Currency.places(of: $0.text) } ?? 2
  }

  private func amounts(_ path: String, in elements: [XMLElement]? = nil) -> [Int64] {
    (elements ?? [root]).flatMap { $0[path] }.map { Sample.minor($0.text, places: places) }
  }

  private func sum(_ path: String, in elements: [XMLElement]? = nil) -> Int64 { amounts(path, in: elements).reduce(0, +) }

  private var lines: [XMLElement] { root["cac:InvoiceLine"] + root["cac:CreditNoteLine"] }

  private func allowances(areCharges: Bool) -> [XMLElement] {
    root["cac:AllowanceCharge"].filter { $0["cbc:ChargeIndicator"].first?.text == String(areCharges) }
  }

  func check(_ name: String, _ totals: DocumentTotals) {
    func total(_ name: String) -> Int64 { sum("cac:LegalMonetaryTotal/cbc:" + name) }
    let (discounts, charges) = (allowances(areCharges: false), allowances(areCharges: true))
    #expect(total("LineExtensionAmount") == sum("cbc:LineExtensionAmount", in: lines), "\(name): BR-CO-10")
    #expect(total("AllowanceTotalAmount") == sum("cbc:Amount", in: discounts), "\(name): BR-CO-11")
    #expect(total("ChargeTotalAmount") == sum("cbc:Amount", in: charges), "\(name): BR-CO-12")
    #expect(
      total("TaxExclusiveAmount") == total("LineExtensionAmount") - total("AllowanceTotalAmount") + total("ChargeTotalAmount"),
      "\(name): BR-CO-13")
    let vat = amounts("cac:TaxTotal/cbc:TaxAmount").first ?? 0
    #expect(vat == sum("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount"), "\(name): BR-CO-14")
    #expect(total("TaxInclusiveAmount") == total("TaxExclusiveAmount") + vat, "\(name): BR-CO-15")
    #expect(
      total("PayableAmount") == total("TaxInclusiveAmount") - total("PrepaidAmount") + total("PayableRoundingAmount"), "\(name): BR-CO-16")
    #expect(
      [total("TaxExclusiveAmount"), vat, total("TaxInclusiveAmount"), total("PayableAmount")] == [
        totals.net, totals.vat, totals.gross, totals.due,
      ])

    for subtotal in root["cac:TaxTotal/cac:TaxSubtotal"] {
      func isOfGroup(_ category: String) -> (XMLElement) -> Bool {
        { element in
          ["cbc:ID", "cbc:Percent"].allSatisfy { element["\(category)/\($0)"].map(\.text) == subtotal["cac:TaxCategory/\($0)"].map(\.text) }
        }
      }
      let isOwn = isOfGroup("cac:TaxCategory")
      let taxable =
        sum("cbc:LineExtensionAmount", in: lines.filter(isOfGroup("cac:Item/cac:ClassifiedTaxCategory")))
        - sum("cbc:Amount", in: discounts.filter(isOwn)) + sum("cbc:Amount", in: charges.filter(isOwn))
      #expect(sum("cbc:TaxableAmount", in: [subtotal]) == taxable, "\(name): BR-S-08")
    }
    for line in lines { checkLine(line, name) }
  }

  /// Quantity × price − discount is the net amount, to the cent (PEPPOL-EN16931-R120 lets 0.02 pass).
  private func checkLine(_ line: XMLElement, _ name: String) {
    guard let quantity = (line["cbc:InvoicedQuantity"] + line["cbc:CreditedQuantity"]).first?.text,
      let price = line["cac:Price/cbc:PriceAmount"].first?.text
    else {
      Issue.record("\(name): a line without quantity or price")
      return
    }
    let product = Int128(Sample.number(quantity, places: 3)) * Int128(Sample.number(price, places: places + 8))
    let amount = try? Rounding.divide(product, by: 100_000_000_000)
    #expect(amount == sum("cbc:LineExtensionAmount", in: [line]) + sum("cac:AllowanceCharge/cbc:Amount", in: [line]), "\(name): \(line)")
    if let part = line["cac:AllowanceCharge/cbc:MultiplierFactorNumeric"].first {
      let base = sum("cac:AllowanceCharge/cbc:BaseAmount", in: [line])
      #expect((try? Sample.percentage(part.text).of(base)) == sum("cac:AllowanceCharge/cbc:Amount", in: [line]), "\(name): R040")
    }
  }
}
