import Admin
import Base
import Money
import Store
import Templating

/// What the pages of all documents show: lines, totals and texts.
enum DocumentPanel {
  static let lineSchema = ViewSchema(
    "document-line",
    [
      ("kind", .text), ("name", .text), ("href", .optional(.text)), ("sku", .text), ("description", .list(.text)), ("serials", .text),
      ("quantity", .text), ("unit", .text), ("price", .text), ("discount", .text), ("vat", .text), ("total", .text),
    ])
  static let sumSchema = ViewSchema("document-sum", [("label", .text), ("detail", .text), ("amount", .text), ("isTotal", .bool)])

  static let lines = RecordPanel(
    place: .lead, template: "documents/lines",
    schema: ViewSchema(
      "document-lines",
      [
        ("lines", .list(.record(lineSchema))), ("sums", .list(.record(sumSchema))), ("currency", .text), ("whyHref", .text),
        ("editHref", .optional(.text)), ("pdfHref", .text), ("xmlHref", .optional(.text)),
      ])
  ) { schema, record, context, _ in
    let document = DocumentValues(record)
    let lines = document.lines
    let totals = try? document.totals(of: lines, paid: document.minor("prepaid"))
    let view = DocumentView(document, context.formats)
    let mayEdit = context.may(.write, on: record.type.resource) && ["draft", "confirmed"].contains(record.status)
    return ViewData(
      schema,
      [
        .list(lines.enumerated().map { .record(view.line($1, totals?.lines[$0], linksProducts: context.may(.readOwn, on: .products))) }),
        .list((totals.map { view.sums($0) } ?? []).map { .record($0.view) }), .text(document.currency),
        .text(record.header.href + "/total"),
        mayEdit ? .text(record.header.href + "/fields/lines") : .null,
        .text(record.header.href + "/" + pdfName(record.type)),
        record.type === RecordType.invoice && record.status != "draft" ? .text(record.header.href + "/invoice.xml") : .null,
      ])
  }

  /// The PDF of a document, below its page.
  private static func pdfName(_ type: RecordType) -> String {
    type === RecordType.order ? "confirmation.pdf" : type.name + ".pdf"
  }

  static let texts = RecordPanel(
    place: .lead, template: "documents/texts",
    schema: ViewSchema("document-texts", [("introduction", .list(.text)), ("terms", .list(.text))])
  ) { schema, record, _, _ in
    func lines(_ name: String) -> [String] { record[name].text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    let (introduction, terms) = (record["introduction"].isEmpty ? [] : lines("introduction"), record["terms"].isEmpty ? [] : lines("terms"))
    if introduction.isEmpty, terms.isEmpty { return nil }
    return ViewData(schema, [.list(introduction.map { .text($0) }), .list(terms.map { .text($0) })])
  }
}

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

  func unit(_ code: String) -> String { language.text(Product.units.first { $0.0 == code }?.1 ?? code) }

  func line(_ line: DocumentLine, _ total: DocumentTotals.Line??, linksProducts: Bool = false) -> ViewData {
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
        .text(line.serials.joined(separator: ", ")), .text(isPriced ? quantity : ""), .text(isPriced ? unit(line.unit) : ""),
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
