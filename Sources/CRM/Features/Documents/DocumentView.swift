import Admin
import Money
import Templating

/// A document's lines and sums as people read them in one language: on pages, in PDFs and on the page for the customer.
struct DocumentView {
  let document: DocumentValues
  let formats: Formats

  init(_ document: DocumentValues, _ formats: Formats) { (self.document, self.formats) = (document, formats) }

  private var language: Language { formats.language }

  func money(_ minor: Int64) -> String { formats.money(Amount(minor, document.currency)) }

  /// An amount without its currency, which the table's heading says.
  func number(_ minor: Int64) -> String { MoneyField().displayNumber(Int(minor), document.currency, formats) }

  func percent(_ units: Int64) -> String { DocumentLine.typed(.percentage(units), formats) }

  func discount(_ discount: DocumentLine.Discount) -> String {
    if case .percentage(let units) = discount { return percent(units) }
    return DocumentLine.typed(discount, formats)
  }

  func unitPrice(_ line: DocumentLine) -> String {
    guard let units = try? document.units(line.price, extraPlaces: UnitPrice.extraPlaces) else { return line.price }
    return MoneyField(extraPlaces: UnitPrice.extraPlaces).displayNumber(Int(units), document.currency, formats)
  }

  func unit(_ line: DocumentLine) -> String { Product.unit(line.unit, of: line.quantity ?? 0, in: language) }

  /// Without columns that would be empty.
  func table(_ lines: [DocumentLine], _ totals: DocumentTotals?, linksProducts: Bool = false) -> ViewData {
    ViewData(
      DocumentPanel.tableSchema,
      [
        .list(lines.enumerated().map { .record(line($1, totals?.lines[$0], linksProducts: linksProducts)) }),
        .bool(lines.contains { $0.discount != nil }), .bool(lines.contains { $0.vat.map { $0.rate > 0 } ?? false }),
        .text(document.currency),
      ])
  }

  private func line(_ line: DocumentLine, _ total: DocumentTotals.Line??, linksProducts: Bool) -> ViewData {
    let isPriced = line.kind.isPriced
    let quantity = line.quantity.map { Product.quantity.display(Product.quantity.text(.integer(Int($0))), formats) } ?? ""
    let amount = (total ?? nil).map { number($0.total) } ?? ""
    return ViewData(
      DocumentPanel.lineSchema,
      [
        .text(line.kind.rawValue), .text(line.name),
        linksProducts && !line.product.isEmpty ? .text(RecordType.product.path(of: line.product)) : .null, .text(line.sku),
        .list(
          line.description.isEmpty
            ? [] : line.description.split(separator: "\n", omittingEmptySubsequences: false).map { .text(String($0)) }),
        .text(line.serials.joined(separator: ", ")), .text(isPriced ? quantity : ""), .text(isPriced ? unit(line) : ""),
        .text(isPriced ? unitPrice(line) : ""), .text(line.discount.map { discount($0) } ?? ""),
        .text(line.vat.map { percent($0.rate) } ?? ""), .text(amount),
      ])
  }

  /// The sums below the lines, down to the total.
  func sums(_ totals: DocumentTotals) -> [DocumentSum] {
    var sums: [DocumentSum] = []
    func add(_ label: String, _ minor: Int64, _ detail: String = "", isTotal: Bool = false) {
      sums.append(DocumentSum(label: label, detail: detail, amount: number(minor), isTotal: isTotal))
    }
    let isGross = totals.prices == .gross
    let hasParts = totals.discount != 0 || totals.charges != 0
    if hasParts || totals.vatGroups.contains(where: { $0.vat != 0 }) { add(language.text("Subtotal"), totals.lineTotal) }
    if totals.discount != 0 {
      var details = [document["discount_reason"].text]
      if case .percentage(let units)? = document.discount { details.insert(percent(units), at: 0) }
      add(language.text("Discount"), -totals.discount, details.filter { !$0.isEmpty }.joined(separator: " · "))
    }
    if totals.charges != 0 { add(language.text("Shipping"), totals.charges) }
    if hasParts, !isGross { add(language.text("Net total"), totals.net) }
    for group in totals.vatGroups where group.vat != 0 || group.code.rate > .zero {
      let of = language.text("on {amount}", ["amount": .text(number(group.taxable))])
      let label = isGross ? language.text("Includes VAT") : language.text("VAT")
      add(label + " " + percent(group.code.rate.units), group.vat, of)
    }
    add(language.text("Total"), totals.gross, document.currency, isTotal: true)
    if totals.paid != 0 {
      add(language.text("Paid in advance"), -totals.paid)
      add(language.text("Amount due"), totals.due, document.currency, isTotal: true)
    }
    return sums
  }

  /// Why no VAT is charged on some lines: as the law wants it on an invoice.
  var exemptions: [String] {
    var seen: Set<String> = []
    return document.lines.compactMap { $0.vat?.reason }.filter { !$0.isEmpty && seen.insert($0).inserted }
  }
}

/// A line of the sums, in words.
struct DocumentSum: Sendable {
  let label: String
  let detail: String
  let amount: String
  let isTotal: Bool

  var view: ViewData { ViewData(DocumentPanel.sumSchema, [.text(label), .text(detail), .text(amount), .bool(isTotal)]) }
}
