import Foundation
import Money
import TestKit
import Testing

/// What holds for every document. `ROOST_RANDOM_DOCUMENTS=100000` tries more than the usual number.
struct RandomDocumentTests {
  private static let count = ProcessInfo.processInfo.environment["ROOST_RANDOM_DOCUMENTS"].flatMap { Int($0) } ?? 1_000

  @Test func `totals add up, whatever the document`() throws {
    var random = SplitMix(seed: 12)
    for _ in 0..<Self.count {
      let document = try Sample.document(&random)
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
