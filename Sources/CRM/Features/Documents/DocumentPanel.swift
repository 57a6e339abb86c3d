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
  static let tableSchema = ViewSchema(
    "document-table",
    [("lines", .list(.record(lineSchema))), ("hasDiscounts", .bool), ("hasVAT", .bool), ("currency", .text)])
  static let sumSchema = ViewSchema("document-sum", [("label", .text), ("detail", .text), ("amount", .text), ("isTotal", .bool)])

  static let lines = RecordPanel(
    place: .lead, template: "documents/lines",
    schema: ViewSchema(
      "document-lines",
      [
        ("table", .record(tableSchema)), ("sums", .list(.record(sumSchema))), ("whyHref", .text),
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
        .record(view.table(lines, totals, linksProducts: context.may(.readOwn, on: .products))),
        .list((totals.map { view.sums($0) } ?? []).map { .record($0.view) }), .text(record.header.href + "/total"),
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
