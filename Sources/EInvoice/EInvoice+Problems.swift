import Base
import Money
import XML

extension EInvoice {
  /// What keeps the invoice from being written; empty if nothing does.
  package func problems() -> [EInvoiceErrors.Problem] {
    figureProblems() + headProblems() + partyProblems() + vatProblems() + lineProblems()
  }

  private typealias Problem = EInvoiceErrors.Problem

  private func figureProblems() -> [Problem] {
    guard lines.count == document.lines.count, lines.count == totals.lines.count, document.currency == totals.currency,
      document.prices == totals.prices, chargeReasons.count <= document.charges.count,
      zip(lines, zip(document.lines, totals.lines)).allSatisfy({ ($0 == nil) == ($1.0 == nil) && ($0 == nil) == ($1.1 == nil) }),
      zip(document.lines, totals.lines).allSatisfy({ amount(of: $0) == $1?.amount })
    else { return [.figuresDiffer] }
    return [document.currency, vatInOwnCurrency?.currency].compactMap(\.self).compactMap { currency in
      guard let places = Currency.places(of: currency), !EInvoiceCodes.unlistedCurrencies.contains(currency) else {
        return .unknownCurrency(currency)
      }
      return places > 2 ? .tooManyDecimals(currency: currency) : nil
    } + (vatInOwnCurrency?.currency == document.currency ? [.figuresDiffer] : [])
  }

  private func amount(of line: PricedDocument.Line?) -> Int64? {
    line.flatMap { try? TraceStep.Formula.product($0.quantity, $0.price).value() }
  }

  private func headProblems() -> [Problem] {
    var problems: [Problem] = []
    if number.isBlank { problems.append(.noNumber) }
    problems += precedingInvoices.indices.filter { precedingInvoices[$0].number.isBlank }.map { .noPrecedingNumber($0) }
    problems += documents.indices.filter { documents[$0].id.isBlank }.map { .noDocumentNumber($0) }
    if profile == .peppol, buyerReference.isBlank, orderReference.isBlank { problems.append(.noReference) }
    if let payment, payment.means.needsAccount, payment.account.isBlank { problems.append(.noAccount) }
    if let payment, payment.means == .sepaTransfer, !payment.account.isBlank, IBAN.normalized(payment.account) == nil {
      problems.append(.badIBAN(payment.account))
    }
    return problems
  }

  private func partyProblems() -> [Problem] {
    var problems: [Problem] = []
    for (place, party) in [(EInvoiceErrors.Place.seller, seller), (.buyer, buyer)] {
      if party.name.isBlank { problems.append(.noName(place)) }
      problems += countryProblems(party.address.country, of: place)
      // Without a country, a number without prefix can't be told from a wrong one.
      if party.vatID == nil, !party.vatNumber.isBlank, !party.address.country.isBlank {
        problems.append(.badVATNumber(place, party.vatNumber))
      }
      if let address = party.electronicAddress, !address.address.isBlank {
        if !EInvoiceCodes.addressSchemes.contains(address.scheme) { problems.append(.unknownAddressScheme(place, address.scheme)) }
      } else if profile == .peppol {
        problems.append(.noElectronicAddress(place))
      }
    }
    if let address = delivery?.address { problems += countryProblems(address.country, of: .delivery) }
    return problems
  }

  private func countryProblems(_ country: String, of place: EInvoiceErrors.Place) -> [Problem] {
    if country.isBlank { return [.noCountry(place)] }
    return Country.name(of: country) == nil ? [.unknownCountry(place, country)] : []
  }

  /// What the categories of VAT need (BR-S-02 and its like for the others).
  private func vatProblems() -> [Problem] {
    var problems: [Problem] = []
    let categories = Set(totals.vatGroups.map(\.code.category))
    if isOutOfScope, categories.count > 1 { problems.append(.outOfScopeAmongOthers) }
    for category in categories.sorted() {
      if seller.vatNumber.isBlank, category != .outOfScope,
        [.reverseCharge, .intraCommunity, .export].contains(category) || seller.taxNumber.isBlank
      {
        problems.append(.noVATNumber(.seller, category))
      }
      if buyer.vatNumber.isBlank, [.reverseCharge, .intraCommunity].contains(category) { problems.append(.noVATNumber(.buyer, category)) }
      if category == .exempt, exemptionReasons[category]?.isBlank ?? true { problems.append(.noExemptionReason(category)) }
    }
    if isOutOfScope, [seller.vatNumber, seller.taxNumber, seller.registrationNumber].allSatisfy(\.isBlank) {
      problems.append(.noVATNumber(.seller, .outOfScope))
    }
    if categories.contains(.intraCommunity) {
      if delivery?.date == nil, period == nil { problems.append(.noDeliveryDate) }
      if delivery?.address == nil { problems.append(.noCountry(.delivery)) }
    }
    return problems
  }

  private func lineProblems() -> [Problem] {
    var problems: [Problem] = lines.contains { $0 != nil } ? [] : [.noLines]
    for (index, (line, priced)) in zip(lines, document.lines).enumerated() {
      guard let line, let priced else { continue }
      if line.name.isBlank { problems.append(.noLineName(index)) }
      if !EInvoiceCodes.units.contains(line.unit) { problems.append(.unknownUnit(index, line.unit)) }
      if priced.quantity.thousandths < 0 { problems.append(.negativeQuantity(index)) }
    }
    return problems
      + document.charges.indices.filter { $0 >= chargeReasons.count || chargeReasons[$0].isBlank }.map { .noChargeReason($0) }
  }

  /// Whether there is anything out of the scope of VAT: such a document names no VAT numbers.
  var isOutOfScope: Bool { totals.vatGroups.contains { $0.code.category == .outOfScope } }
}

extension EInvoice.Party {
  var vatID: VATNumber? { vatNumber.isBlank ? nil : VATNumber(vatNumber, country: address.country) }
}
