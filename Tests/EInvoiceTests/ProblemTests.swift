import EInvoice
import Money
import TestKit
import Testing

struct ProblemTests {
  private typealias Problem = EInvoiceErrors.Problem

  private func problems(_ invoice: EInvoice = Invoices.golden, _ change: (inout EInvoice) -> Void = { _ in }) -> [Problem] {
    do throws(EInvoiceErrors) {
      _ = try Invoices.with(invoice, change).xml()
      return []
    } catch {
      return error.all
    }
  }

  @Test func `nothing is wrong with an ordinary invoice`() { #expect(problems() == []) }

  @Test func `all that is missing is named at once`() {
    let found = problems {
      ($0.number, $0.seller.name, $0.seller.vatNumber, $0.seller.address.country) = (" \u{1}", "", " ", "")
      ($0.buyer.name, $0.buyer.address.country) = ("\u{0}", "QQ")
      $0.lines[1]?.name = "\n"
      $0.payment?.account = ""
    }
    #expect(
      found == [
        .noNumber, .noAccount, .noName(.seller), .noCountry(.seller), .noName(.buyer), .unknownCountry(.buyer, "QQ"),
        .noVATNumber(.seller, .standard), .noLineName(1),
      ])
  }

  @Test func `currencies with more than two decimals can't be written`() {
    let document = Sample.document("1.235 @5", currency: "KWD", places: 3)
    #expect(problems(Invoices.make(document)) == [.tooManyDecimals(currency: "KWD")])
    #expect(problems(Invoices.make(Sample.document("1 @5", currency: "BGN"))) == [.unknownCurrency("BGN")])
    #expect(problems(Invoices.ownCurrency) { $0.vatInOwnCurrency = Amount(1, "BHD") } == [.tooManyDecimals(currency: "BHD")])
    #expect(problems { $0.vatInOwnCurrency = Amount(1, "EUR") } == [.figuresDiffer])
  }

  @Test func `VAT numbers have to be right, and some categories need them`() {
    #expect(problems { $0.seller.vatNumber = "123456784" } == [.badVATNumber(.seller, "123456784")])
    #expect(problems { $0.buyer.vatNumber = "unknown" } == [.badVATNumber(.buyer, "unknown")])
    #expect(problems { $0.buyer.vatNumber = "" } == [])
    func without(_ invoice: EInvoice) -> [Problem] {
      problems(invoice) { ($0.seller.vatNumber, $0.seller.taxNumber, $0.buyer.vatNumber) = ("", "1", "") }
    }
    #expect(without(Invoices.golden) == [])
    #expect(without(Invoices.export) == [.noVATNumber(.seller, .export)])
    #expect(without(Invoices.reverseCharge) == [.noVATNumber(.seller, .reverseCharge), .noVATNumber(.buyer, .reverseCharge)])
    #expect(without(Invoices.intraCommunity) == [.noVATNumber(.seller, .intraCommunity), .noVATNumber(.buyer, .intraCommunity)])
    #expect(
      problems(Invoices.outOfScope) { ($0.seller.vatNumber, $0.seller.registrationNumber) = ("", "") } == [
        .noVATNumber(.seller, .outOfScope)
      ])
  }

  @Test func `categories have their own needs`() {
    #expect(problems(Invoices.exempt) { $0.exemptionReasons = [:] } == [.noExemptionReason(.exempt)])
    #expect(problems(Invoices.intraCommunity) { $0.delivery = nil } == [.noDeliveryDate, .noCountry(.delivery)])
    #expect(problems(Invoices.intraCommunity) { $0.delivery?.address?.country = "" } == [.noCountry(.delivery)])
    var document = Sample.document("1 @24", "2 @24")
    document.lines[0]?.vat = Invoices.vat(.outOfScope)
    #expect(problems(Invoices.make(document)) == [.outOfScopeAmongOthers])
  }

  @Test func `lines need units that the standard knows, and what isn't taken back`() {
    #expect(problems { $0.lines[0]?.unit = "pcs" } == [.unknownUnit(0, "pcs")])
    let document = Sample.document("10 @24", "-1 × 1 @24")
    #expect(problems(Invoices.make(document)) == [.negativeQuantity(1)])
    #expect(problems(Invoices.make(Sample.document())) == [.noLines])
    #expect(
      problems(Invoices.mixed()) { $0.chargeReasons = ["Shipping", ""] } == [.noChargeReason(1), .noChargeReason(2), .noChargeReason(3)])
  }

  @Test func `references need numbers, and Peppol needs addresses`() {
    #expect(
      problems {
        $0.precedingInvoices = [.init("1"), .init("")]
        $0.documents = [.init(" ")]
      } == [.noPrecedingNumber(1), .noDocumentNumber(0)])
    #expect(
      problems {
        ($0.profile, $0.orderReference) = (.peppol, "")
        $0.seller.electronicAddress = .init("1", scheme: "1234")
      } == [.noReference, .unknownAddressScheme(.seller, "1234"), .noElectronicAddress(.buyer)])
    #expect(problems { $0.payment?.account = "GR1601101250000000012300696" } == [.badIBAN("GR1601101250000000012300696")])
  }

  @Test func `figures of another document aren't written`() throws {
    #expect(problems { $0.lines.removeLast() } == [.figuresDiffer])
    #expect(problems { $0.lines[0] = nil } == [.figuresDiffer])
    #expect(problems { $0.document.currency = "USD" } == [.figuresDiffer])
    let other = try Sample.document("3 × 99.99 @24", "1 × 50.00 @24", "2 × 10.01 @13").totals()
    #expect(problems { $0.totals = other } == [.figuresDiffer])
    #expect(problems { $0.document.lines[0]?.quantity = .one } == [.figuresDiffer])
  }

  @Test func `the largest figures are written or refused`() throws {
    for price in ["99999999999", "999999999999"] {
      for prices in PricedDocument.PriceMode.allCases {
        #expect(
          problems(Invoices.make(Sample.document("1 × \(price) - 1% @24", "0.001 × \(price) @24", discount: "1%", prices: prices))) == []
        )
      }
    }
  }
}
