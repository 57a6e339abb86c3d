import Foundation
import Money
import TestKit
import Testing

/// What holds for every document. `ROOST_RANDOM_DOCUMENTS=100000` tries more than the usual number.
struct RandomDocumentTests {
  private static let count = ProcessInfo.processInfo.environment["ROOST_RANDOM_DOCUMENTS"].flatMap { Int($0) } ?? 1_000
  private static let rates = ["0", "5.5", "6", "8.25", "13", "19", "24", "33.3333"].map { Sample.vat($0) }

  private func discount(upTo most: Int64, _ random: inout SplitMix) -> PricedDocument.Discount? {
    switch random.below(4) {
    case 0: .percentage(Percentage(Int64(random.below(1_000_001))))
    case 1: .fixed(most <= 0 ? 0 : Int64(random.below(Int(most) + 1)))
    case 2: .percentage(Percentage(Int64(random.below(20)) * 50_000))
    default: nil
    }
  }

  /// Of ordinary and odd figures alike, some lines taking back what others sell.
  private func document(_ random: inout SplitMix) throws -> PricedDocument {
    var document = PricedDocument(currency: ["EUR", "JPY", "KWD"][random.below(3)], lines: [])
    document.prices = random.below(3) == 0 ? .gross : .net
    for _ in 0..<random.below(9) {
      guard random.below(8) > 0 else {
        document.lines.append(nil)
        continue
      }
      let quantity = random.below(3) == 0 ? Int64(random.below(20_000)) : Int64(random.below(20)) * 1_000
      let price = random.below(3) == 0 ? Int64(random.below(900_000_000)) : Int64(random.below(90_000)) * 10_000
      var line = PricedDocument.Line(Quantity(quantity), at: UnitPrice(price), vat: Self.rates[random.below(Self.rates.count)])
      let amount = try PricedDocument(currency: "EUR", lines: [line]).totals().net
      line.discount = discount(upTo: amount, &random)
      document.lines.append(line)
    }
    if random.below(3) == 0, let line = document.lines.compactMap(\.self).first, line.discount == nil {
      document.lines.append(PricedDocument.Line(Quantity(-line.quantity.thousandths), at: line.price, vat: line.vat))
    }
    for _ in 0..<random.below(3) {
      document.charges.append(.init(Int64(random.below(5_000)), vat: Self.rates[random.below(Self.rates.count)]))
    }
    document.discount = discount(upTo: try document.totals().lineTotal, &random)
    document.paid = Int64(random.below(100_000))
    return document
  }

  @Test func `totals add up, whatever the document`() throws {
    var random = SplitMix(seed: 12)
    for _ in 0..<Self.count {
      let document = try document(&random)
      let totals = try document.totals(traced: true)
      try check(totals, of: document)
      try checkTrace(totals)
      let shuffled = try shuffled(document, &random).totals()
      #expect(totals.vatGroups == shuffled.vatGroups, "\(document)")
      #expect([totals.net, totals.vat, totals.gross, totals.due] == [shuffled.net, shuffled.vat, shuffled.gross, shuffled.due])
      try checkParts(totals, &random)
    }
  }

  private func check(_ totals: DocumentTotals, of document: PricedDocument) throws {
    let (groups, lines) = (totals.vatGroups, totals.lines.compactMap(\.self))
    #expect(groups.map(\.discount).reduce(0, +) == totals.discount, "\(document)")
    #expect(lines.map(\.sharedDiscount).reduce(0, +) == totals.discount, "\(document)")
    #expect(groups.map(\.lineTotal).reduce(0, +) == totals.lineTotal, "\(document)")
    #expect(totals.gross == groups.map { $0.taxable + $0.vat }.reduce(0, +), "\(document)")
    #expect(totals.net >= 0 && totals.vat >= 0 && totals.discount >= 0, "\(document)")
    #expect(groups.allSatisfy { 0...max($0.lineTotal, 0) ~= $0.discount }, "\(document)")
    #expect(lines.allSatisfy { $0.sharedDiscount >= 0 && $0.sharedDiscount <= max($0.total, 0) }, "\(document)")
    if document.prices == .gross { #expect(totals.gross == totals.lineTotal - totals.discount + totals.charges, "\(document)") }
    if document.prices == .net { #expect(totals.net == totals.lineTotal - totals.discount + totals.charges, "\(document)") }
    if document.charges.isEmpty { #expect(lines.map(\.taxable).reduce(0, +) == totals.net, "\(document)") }
  }

  /// Every figure is what its formula comes to, and the last of each name is the one that is shown.
  private func checkTrace(_ totals: DocumentTotals) throws {
    for step in totals.trace { #expect(try step.formula.value() == step.value) }
    func last(_ figure: TraceStep.Figure) -> Int64? { totals.trace.last { $0.figure == figure }?.value }
    #expect([last(.net), last(.vat), last(.gross), last(.due)] == [totals.net, totals.vat, totals.gross, totals.due])
    for group in totals.vatGroups {
      #expect(last(.groupTaxable(group.code)) == group.taxable)
      #expect(last(.groupVAT(group.code)) == group.vat)
    }
    for (index, line) in totals.lines.enumerated() { #expect(last(.lineTaxable(index)) == line?.taxable) }
  }

  private func shuffled(_ document: PricedDocument, _ random: inout SplitMix) -> PricedDocument {
    var document = document
    document.lines.shuffle(using: &random)
    document.charges.shuffle(using: &random)
    return document
  }

  /// Credits that together cover each line come to what was invoiced, however it is cut up.
  private func checkParts(_ totals: DocumentTotals, _ random: inout SplitMix) throws {
    for group in totals.vatGroups {
      let cuts = ([0, 1_000] + (0..<random.below(4)).map { _ in Int64(random.below(1_001)) }).sorted()
      let parts = try zip(cuts, cuts.dropFirst()).map { from, to in
        (
          taxable: try CumulativeShare.part(of: group.taxable, from: from, to: to, whole: 1_000),
          vat: try CumulativeShare.part(of: group.vat, from: from, to: to, whole: 1_000)
        )
      }
      #expect(parts.map(\.taxable).reduce(0, +) == group.taxable)
      #expect(parts.map(\.vat).reduce(0, +) == group.vat)
    }
  }
}
