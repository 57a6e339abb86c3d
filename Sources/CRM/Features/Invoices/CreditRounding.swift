import Admin
import Money

/// All credit notes of an invoice come to the invoice, to the cent: in each of its lines, and in the VAT of each rate. Each note takes what is due of the
/// whole up to it less what earlier ones took; so what is rounded in one is made good in the next. Lines that were credited at another price or discount
/// have no part in it, nor have invoices with a discount on everything: each note rounds its share of that by itself.
struct CreditRounding {
  private typealias Part = (lines: [DocumentLine], totals: DocumentTotals)

  private let totals: DocumentTotals
  /// The lines of the invoice by their ids, with what each comes to.
  private let lines: [String: (line: DocumentLine, total: Int64, code: Money.VATCode)]
  private let earlier: [Part]

  /// `nil` where notes round by themselves.
  init?(of whole: DocumentValues, after earlier: [DocumentValues]) {
    guard whole.discount == nil, earlier.allSatisfy({ $0.discount == nil }), let totals = try? whole.totals(),
      let priced = try? whole.priced()
    else { return nil }
    self.totals = totals
    var lines: [String: (line: DocumentLine, total: Int64, code: Money.VATCode)] = [:]
    for (line, (total, priced)) in zip(whole.lines, zip(totals.lines, priced.lines)) {
      if let total, let code = priced?.vat { lines[line.id] = (line, total.total, code) }
    }
    self.lines = lines
    self.earlier = earlier.compactMap { note in (try? note.totals()).map { (note.lines, $0) } }
  }

  func settle(_ note: inout DocumentValues) {
    var own = note.lines.map(\.withoutRounding)
    note.lines = own
    guard note.discount == nil, let totals = try? note.totals() else { return }
    let parts = earlier.map(\.lines) + [own]
    let changed = Set(parts.joined().filter { !isAsInvoiced($0) }.map(\.source))
    settleLines(&own, totals, besides: changed, note)
    note.lines = own
    guard let totals = try? note.totals() else { return }
    settleRates(&own, totals, besides: changed, note)
    note.lines = own
  }

  /// What is due of each line, up to here.
  private func settleLines(_ own: inout [DocumentLine], _ ownTotals: DocumentTotals, besides changed: Set<String>, _ note: DocumentValues) {
    var (reached, taken): ([String: Int64], [String: Int64]) = ([:], [:])
    for part in earlier {
      for (line, total) in zip(part.lines, part.totals.lines) {
        reached[line.source, default: 0] += line.quantity ?? 0
        taken[line.source, default: 0] += total?.total ?? 0
      }
    }
    for (index, total) in zip(own.indices, ownTotals.lines) {
      let id = own[index].source
      reached[id, default: 0] += own[index].quantity ?? 0
      guard let source = lines[id], let total = total?.total, !changed.contains(id),
        let due = due(of: source.total, at: reached[id] ?? 0, of: source.line.quantity ?? 0)
      else { continue }
      let correction = due - (taken[id] ?? 0) - total
      taken[id, default: 0] += total + correction
      if correction != 0 { own[index].rounding = note.decimal(correction) }
    }
  }

  /// The VAT of each rate that follows from what is credited of it up to here, where all its lines were credited as they were invoiced.
  private func settleRates(_ own: inout [DocumentLine], _ ownTotals: DocumentTotals, besides changed: Set<String>, _ note: DocumentValues) {
    for group in totals.vatGroups where lines.allSatisfy({ $0.value.code != group.code || !changed.contains($0.key) }) {
      func sum(_ figure: (DocumentTotals.VATGroup) -> Int64) -> Int64 {
        (earlier.map(\.totals) + [ownTotals]).reduce(0) { sum, part in
          sum + (part.vatGroups.first { $0.code == group.code }.map(figure) ?? 0)
        }
      }
      let place = own.indices.filter { lines[own[$0].source]?.code == group.code }
        .max { ownTotals.lines[$0]?.total ?? 0 < ownTotals.lines[$1]?.total ?? 0 }
      guard let place, let due = due(of: group.vat, at: sum { $0.lineTotal + $0.charges }, of: group.lineTotal + group.charges) else {
        continue
      }
      let correction = due - sum(\.vat)
      if correction != 0 { own[place].vatRounding = note.decimal(correction) }
    }
  }

  /// Of an amount, when so much of the whole is reached; `nil` beyond it.
  private func due(of amount: Int64, at reached: Int64, of whole: Int64) -> Int64? {
    (0...max(whole, 0)).contains(reached) ? try? CumulativeShare.part(of: amount, from: 0, to: reached, whole: whole) : nil
  }

  private func isAsInvoiced(_ line: DocumentLine) -> Bool {
    guard let source = lines[line.source]?.line else { return false }
    func isFixed(_ discount: DocumentLine.Discount?) -> Bool { if case .fixed? = discount { true } else { false } }
    // A fixed discount is shared, and a small share may be none.
    let isSameDiscount = isFixed(source.discount) ? line.discount == nil || isFixed(line.discount) : line.discount == source.discount
    return isSameDiscount && DocumentLine.isSame(line.price, source.price) && line.vat?.key == source.vat?.key
  }
}

extension DocumentLine {
  var withoutRounding: DocumentLine {
    var line = self
    (line.rounding, line.vatRounding) = ("", "")
    return line
  }
}
