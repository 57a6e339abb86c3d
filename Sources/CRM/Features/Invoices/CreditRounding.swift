import Admin
import Money

/// All credit notes of an invoice come to the invoice, to the cent: in each of its lines, and in the net amount and the VAT of each rate. Each note
/// takes what is due of the whole up to it less what earlier ones took, as fixed discounts are shared; so what is rounded in one is made good in the next.
/// Lines that were credited at another price or discount have no part in it.
struct CreditRounding {
  private typealias Key = Money.VATCode

  private let whole: DocumentValues
  private let totals: DocumentTotals
  private let codes: [Key?]
  /// The lines of the invoice by their ids, with what each comes to.
  private let lines: [String: (line: DocumentLine, total: Int64, code: Key)]
  private let earlier: [(note: DocumentValues, totals: DocumentTotals)]

  init?(of whole: DocumentValues, after earlier: [DocumentValues]) {
    guard let totals = try? whole.totals(), let priced = try? whole.priced() else { return nil }
    (self.whole, self.totals) = (whole, totals)
    codes = priced.lines.map { $0?.vat }
    var lines: [String: (line: DocumentLine, total: Int64, code: Key)] = [:]
    for (line, (total, code)) in zip(whole.lines, zip(totals.lines, codes)) {
      if let total, let code { lines[line.id] = (line, total.total, code) }
    }
    self.lines = lines
    self.earlier = earlier.compactMap { note in (try? note.totals()).map { (note, $0) } }
  }

  func settle(_ note: inout DocumentValues) {
    note.lines = note.lines.map(\.withoutRounding)
    let sources = note.lines.map { isPlain($0) ? lines[$0.source] : nil }
    let taken = earlier.flatMap(\.note.lines).reduce(into: [String: Int64]()) { $0[$1.source, default: 0] += $1.quantity ?? 0 }
    let after = note.lines.reduce(into: taken) { $0[$1.source, default: 0] += $1.quantity ?? 0 }

    // Lines: what is due of each up to here.
    guard let own = try? note.totals() else { return }
    var done: [String: Int64] = [:]
    for (note, totals) in earlier {
      for (line, total) in zip(note.lines, totals.lines) { done[line.source, default: 0] += total?.total ?? 0 }
    }
    var seen = taken
    for (index, source) in sources.enumerated() {
      let line = note.lines[index]
      seen[line.source, default: 0] += line.quantity ?? 0
      guard let source, let total = own.lines[index]?.total, isPlain(line.source, in: note),
        let due = due(of: source.total, at: seen[line.source] ?? 0, of: source.line.quantity ?? 0)
      else { continue }
      let correction = due - (done[line.source] ?? 0) - total
      done[line.source, default: 0] += total + correction
      note.correct(index, total: correction)
    }

    // Rates: their net amounts share the discount on everything, and their VAT follows from that.
    for group in totals.vatGroups {
      let members = lines.filter { $0.value.code == group.code }
      guard isSameDiscount(note), members.allSatisfy({ isPlain($0.key, in: note) }),
        let place = sources.indices.filter({ sources[$0]?.code == group.code }).max(by: {
          own.lines[$0]?.total ?? 0 < own.lines[$1]?.total ?? 0
        })
      else { continue }
      let reached = members.reduce(Int64(0)) { sum, member in
        sum + (due(of: member.value.total, at: after[member.key] ?? 0, of: member.value.line.quantity ?? 0) ?? member.value.total)
      }
      if let own = part(of: note, group.code), let due = due(of: group.base, at: reached, of: group.lineTotal) {
        note.correct(place, total: due - earlierSum(group.code, \.base) - own.base)
      }
      if let own = part(of: note, group.code) {
        let base = earlierSum(group.code) { $0.base + $0.charges } + own.base + own.charges
        if let due = due(of: group.vat, at: base, of: group.base + group.charges) {
          note.correct(place, vat: due - earlierSum(group.code, \.vat) - own.vat)
        }
      }
    }
  }

  // MARK: What is due

  /// Of an amount, when so much of the whole is reached; `nil` beyond it.
  private func due(of amount: Int64, at reached: Int64, of whole: Int64) -> Int64? {
    (0...max(whole, 0)).contains(reached) ? try? CumulativeShare.part(of: amount, from: 0, to: reached, whole: whole) : nil
  }

  private func part(of note: DocumentValues, _ code: Key) -> DocumentTotals.VATGroup? {
    (try? note.totals())?.vatGroups.first { $0.code == code }
  }

  private func earlierSum(_ code: Key, _ figure: (DocumentTotals.VATGroup) -> Int64) -> Int64 {
    earlier.reduce(0) { sum, part in sum + (part.totals.vatGroups.first { $0.code == code }.map(figure) ?? 0) }
  }

  // MARK: What is credited as it was invoiced

  private func isPlain(_ line: DocumentLine) -> Bool {
    guard let source = lines[line.source]?.line else { return false }
    func isFixed(_ discount: DocumentLine.Discount?) -> Bool { if case .fixed? = discount { true } else { false } }
    // A fixed discount is shared, and a small share may be none.
    let isSameDiscount = isFixed(source.discount) ? line.discount == nil || isFixed(line.discount) : line.discount == source.discount
    return isSameDiscount && DocumentLine.isSame(line.price, source.price) && line.vat?.key == source.vat?.key
  }

  /// All parts of a line of the invoice, in this note and in earlier ones.
  private func isPlain(_ source: String, in note: DocumentValues) -> Bool {
    (earlier.map(\.note) + [note]).allSatisfy { $0.lines.allSatisfy { $0.source != source || isPlain($0) } }
  }

  private func isSameDiscount(_ note: DocumentValues) -> Bool {
    (earlier.map(\.note) + [note]).allSatisfy { note in
      if case .fixed? = whole.discount { return true }
      return note.discount == whole.discount
    }
  }
}

extension DocumentTotals.VATGroup {
  /// Of the lines, after the discount on everything.
  fileprivate var base: Int64 { lineTotal - discount }
}

extension DocumentLine {
  var withoutRounding: DocumentLine {
    var line = self
    (line.rounding, line.vatRounding) = ("", "")
    return line
  }
}

extension DocumentValues {
  /// Adds to what a line has more or less.
  fileprivate mutating func correct(_ index: Int, total: Int64 = 0, vat: Int64 = 0) {
    if total == 0, vat == 0 { return }
    func sum(_ text: String, _ more: Int64) -> String {
      let minor = (text.isEmpty ? 0 : (try? units(text)) ?? 0) + more
      return minor == 0 ? "" : decimal(minor)
    }
    var changed = lines
    changed[index].rounding = sum(changed[index].rounding, total)
    changed[index].vatRounding = sum(changed[index].vatRounding, vat)
    lines = changed
  }
}
