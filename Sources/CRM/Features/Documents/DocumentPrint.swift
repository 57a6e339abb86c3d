import Admin
import Base
import Money
import PDF
import QRCode
import Store
import Templating
import Web

/// A document on paper: what the print template shows, in the language of the customer.
struct DocumentPrint {
  enum Kind: String, Sendable {
    case quote, confirmation, invoice
    case creditNote = "credit_note"
    case deliveryNote = "delivery_note"

    var title: String {
      switch self {
      case .quote: "Quote"
      case .confirmation: "Order confirmation"
      case .invoice: "Invoice"
      case .creditNote: "Credit note"
      case .deliveryNote: "Delivery note"
      }
    }

    var hasPrices: Bool { self != .deliveryNote }
  }

  private static let factSchema = ViewSchema("print-fact", [("label", .text), ("value", .text)])
  private static let lineSchema = ViewSchema(
    "print-line",
    [
      ("kind", .text), ("position", .text), ("name", .text), ("details", .list(.text)), ("quantity", .text), ("price", .text),
      ("discount", .text), ("vat", .text), ("total", .text), ("carry", .text),
    ])
  private static let parcelSchema = ViewSchema("print-parcel", [("number", .text), ("href", .optional(.text))])
  static let shape = ViewSchema(
    "print",
    [
      ("title", .text), ("mark", .text), ("letter", .record(Letterhead.shape)),
      ("facts", .list(.record(factSchema))), ("subject", .text), ("introduction", .list(.text)), ("hasPrices", .bool),
      ("hasDiscounts", .bool),
      ("hasVAT", .bool), ("currency", .text), ("lines", .list(.record(lineSchema))), ("sums", .list(.record(DocumentPanel.sumSchema))),
      ("notes", .list(.text)), ("terms", .list(.text)), ("payment", .list(.record(factSchema))), ("payBy", .text), ("hasCode", .bool),
      ("carrier", .text), ("parcels", .list(.record(parcelSchema))),
    ])
  static let template = "documents/print"

  let kind: Kind
  let record: Record
  /// Of a delivery note.
  var shipment: Shipment?

  private static let code = "payment"

  /// The name of its file.
  func fileName(in language: Language) -> String {
    let parts = [language.text(kind.title), record.name] + (shipment.map { [String($0.position)] } ?? [])
    return parts.joined(separator: " ").replacing("/", with: "-") + ".pdf"
  }

  /// The language of the document: its own, or the office's.
  func language(for context: RequestContext) -> Language {
    let chosen = record["language"].text
    return chosen.isEmpty ? context.officeLanguage : context.services.languages.language(chosen)
  }

  func pdf(for context: RequestContext) throws -> PDFFile {
    try Letterhead.print(for: context) { withLogo in try pdf(for: context, withLogo: withLogo) }
  }

  private func pdf(for context: RequestContext, withLogo: Bool) throws -> PDFFile {
    let language = language(for: context)
    let formats = Formats(language: language, zone: ZoneClock(context.settings[.defaultTimeZone].text), now: context.now)
    let (sender, recipient, logo) = try context.store.read { db in
      (
        try Sender(record["sender"]) ?? Sender(Settings.read(Sender.settings, in: db)),
        try Recipient(record["recipient"]) ?? Recipient(of: DocumentValues(record), in: db),
        withLogo ? try context.settings.logo?.bytes(in: db) : nil
      )
    }
    let name = Letterhead.name(of: sender, for: context)
    let payment = PaymentCode(kind == .invoice ? record : nil, sender, name: name)
    let view = view(formats, context, sender, name: name, recipient, hasLogo: logo != nil, payment)
    let markup = try context.rendered(Self.template, view, in: language)
    var codes: [String: PDFCode] = [:]
    if let code = payment?.code { codes[Self.code] = PDFCode(size: code.size, modules: code.modules) }
    // The moment that it shows is the document's, so that the same document makes the same bytes.
    let moment =
      ["issued_at", "confirmed_at", "sent_at"].lazy.compactMap { Timestamp(record[$0].text) }.first ?? Timestamp(record.updatedAt)
      ?? context.now
    return try PDF.render(
      markup, language: language.tag, title: "\(language.text(kind.title)) \(record.name)", author: name, createdAt: moment,
      images: logo.map { [Letterhead.logo: $0] } ?? [:], codes: codes)
  }

  // MARK: What it shows

  private func view(
    _ formats: Formats, _ context: RequestContext, _ sender: Sender, name: String, _ recipient: Recipient, hasLogo: Bool,
    _ payment: PaymentCode?
  ) -> ViewData {
    let language = formats.language
    let document = DocumentValues(record)
    let view = DocumentView(document, formats)
    let totals = try? document.totals(paid: document.minor("prepaid"))
    func texts(_ name: String) -> Value {
      .list(
        record[name].isEmpty ? [] : record[name].text.split(separator: "\n", omittingEmptySubsequences: false).map { .text(String($0)) })
    }
    func lines(_ texts: [String]) -> Value { .list(texts.filter { !$0.isEmpty }.map { .text($0) }) }
    let own = document.lines
    let address = shipment.map { $0.destination.split(separator: "\n").map(String.init) } ?? []
    let buyer = recipient.vatNumber.isEmpty || !kind.hasPrices ? "" : language.text("VAT number") + " " + recipient.vatNumber
    let sums = kind.hasPrices ? totals.map { view.sums($0) } ?? [] : []
    return ViewData(
      Self.shape,
      [
        .text(isUnnumbered ? language.text(kind.title) : "\(language.text(kind.title)) \(record.name)"),
        .text(mark.isEmpty ? "" : language.text(mark)),
        .record(
          Letterhead.view(
            sender, name: name,
            to: address.isEmpty ? recipient.lines(country: formats.country(recipient.country)) + [buyer] : address, hasLogo: hasLogo,
            formats)),
        .list(facts(formats).map { .record(ViewData(Self.factSchema, [.text(language.text($0.label)), .text($0.value)])) }),
        .text(record["title"].text), texts("introduction"), .bool(kind.hasPrices),
        .bool(kind.hasPrices && own.contains { $0.discount != nil }),
        .bool(kind.hasPrices && own.contains { ($0.vat?.rate ?? 0) > 0 }), .text(document.currency),
        .list(rows(own, totals, view)), .list(sums.map { .record($0.view) }),
        lines((kind.hasPrices ? view.exemptions : []) + credited(language)), texts("terms"),
        .list(
          (payment?.facts ?? []).map { .record(ViewData(Self.factSchema, [.text(language.text($0.label)), .text($0.value)])) }),
        .text(record["due_on"].isEmpty || payment == nil ? "" : formats.date(record["due_on"].text)), .bool(payment?.code != nil),
        .text(shipment?.carrier ?? ""),
        .list(
          (shipment?.trackingNumbers ?? []).map { number in
            let href = Carrier.named(shipment?.carrier ?? "", context.settings)?.href(number)
            return .record(ViewData(Self.parcelSchema, [.text(number), href.map { .text($0) } ?? .null]))
          }),
      ])
  }

  /// An invoice gets its number when it is issued.
  private var isUnnumbered: Bool { record.type === RecordType.invoice && record.status == "draft" }

  /// What a reader has to know before all else.
  private var mark: String {
    switch record.status {
    case "draft": "Draft"
    case "cancelled": "Cancelled"
    default: ""
    }
  }

  private func credited(_ language: Language) -> [String] {
    guard kind == .creditNote, case .reference(_, let name) = record["credits"] else { return [] }
    return [language.text("This credits invoice {number}.", ["number": .text(name)])]
  }

  private func facts(_ formats: Formats) -> [(label: String, value: String)] {
    var facts: [(label: String, value: String)] = []
    func add(_ label: String, _ value: String) { if !value.isEmpty { facts.append((label, value)) } }
    func day(_ name: String) -> String { record[name].isEmpty ? "" : formats.date(record[name].text) }
    add("Date", shipment.map { $0.shippedOn.isEmpty ? "" : formats.date($0.shippedOn) } ?? day("date"))
    switch kind {
    case .quote: add("Valid until", day("valid_until"))
    case .invoice: add("Due on", day("due_on"))
    case .confirmation, .creditNote, .deliveryNote: break
    }
    if case .reference(_, let name) = record["order"] { add("Order", name) }
    if kind == .deliveryNote { add("Order", record.name) }
    if case .reference(_, let name) = record["quote"] { add("Quote", name) }
    add("Your reference", record["reference"].text)
    return facts
  }

  private func rows(_ lines: [DocumentLine], _ totals: DocumentTotals?, _ view: DocumentView) -> [Value] {
    let shipped = shipment.map { Dictionary($0.lines.map { ($0.line, $0.quantity) }, uniquingKeysWith: +) }
    var (sum, position) = (Int64(0), 0)
    return lines.enumerated().compactMap { index, line -> Value? in
      var line = line
      if let shipped, line.kind.isPriced {
        guard let quantity = shipped[line.id] else { return nil }
        line.quantity = quantity
      }
      if line.kind.isPriced { position += 1 }
      let total = totals?.lines[index].flatMap { $0 }
      sum += total?.total ?? 0
      let serials = line.serials.isEmpty ? [] : [view.formats.language.text("Serial numbers") + ": " + line.serials.joined(separator: ", ")]
      let description =
        line.description.isEmpty ? [] : line.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let quantity = line.quantity.map { Product.quantity.display(Product.quantity.text(.integer(Int($0))), view.formats) } ?? ""
      let isPriced = line.kind.isPriced
      return .record(
        ViewData(
          Self.lineSchema,
          [
            .text(line.kind.rawValue), .text(isPriced ? String(position) : ""), .text(line.name),
            .list(((line.sku.isEmpty ? [] : [line.sku]) + description + serials).map { .text($0) }),
            .text(isPriced ? "\(quantity)\u{A0}\(view.unit(line))" : ""), .text(isPriced ? view.unitPrice(line) : ""),
            .text(line.discount.map { view.discount($0) } ?? ""), .text(line.vat.map { view.percent($0.rate) } ?? ""),
            .text(total.map { view.number($0.total) } ?? ""), .text(view.number(sum)),
          ]))
    }
  }
}

/// How an invoice is paid by transfer, and the code that banking apps read (EPC069-12, version 2).
private struct PaymentCode {
  let facts: [(label: String, value: String)]
  let code: QRCode?

  /// `nil` where there is no account, or nothing to be paid.
  init?(_ invoice: Record?, _ sender: Sender, name: String) {
    guard let invoice, !sender[.businessIBAN].isEmpty else { return nil }
    let document = DocumentValues(invoice)
    let due = document.minor("total") - document.minor("prepaid")
    guard due > 0 else { return nil }
    let iban = sender[.businessIBAN].filter { !$0.isWhitespace }.uppercased()
    var facts = [("IBAN", sender[.businessIBAN])]
    if !sender[.businessBIC].isEmpty { facts.append(("BIC", sender[.businessBIC])) }
    if invoice.status != "draft" { facts.append(("Reference", invoice.name)) }
    self.facts = facts.map { (label: $0.0, value: $0.1) }
    guard document.currency == "EUR", invoice.status != "draft", due <= 99_999_999_999 else {
      code = nil
      return
    }
    let amount = "EUR\(document.decimal(due))"
    code = QRCode(
      ["BCD", "002", "1", "SCT", sender[.businessBIC], String(name.prefix(70)), iban, amount, "", "", String(invoice.name.prefix(140)), ""]
        .joined(separator: "\n"))
  }
}

extension RequestContext {
  /// The language that this installation uses where nobody has chosen one.
  var officeLanguage: Language { services.languages.language(settings[.defaultLanguage].text) }
}
