import Admin
import Base
import EInvoice
import Money
import Store
import Web

/// An issued invoice or credit note as the XML that other programs and tax offices read: UBL 2.1 by EN 16931.
enum InvoiceXML {
  static let routes: [Route] = [.get("/admin/crm/invoices/{id}/invoice.xml", .see(.invoices), effort: .read, show)]

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let (id, scope) = (try context.id(), try context.scope(of: .invoices))
    let (invoice, credited) = try context.store.read { db -> (Record, Record?) in
      guard let invoice = try RecordStore.find(id, of: .invoice, scope, in: db) else { throw HTTPError.notFound }
      return (invoice, try RecordID(invoice["credits"].text).flatMap { try RecordType.invoice.record($0, in: db) })
    }
    guard invoice.status != "draft" else {
      return context.redirect(to: invoice.header.href, Flash(Message("Issue it first: a draft has no number."), kind: .problem))
    }
    do {
      let bytes = try xml(of: invoice, crediting: credited, name: context.settings[.installationName].text)
      var response = Response(status: 200)
      response.headers.set("Content-Type", "application/xml; charset=utf-8")
      response.headers.set(
        "Content-Disposition", FileDownload.disposition(invoice.name.replacing("/", with: "-") + ".xml", isInline: false))
      response.headers.set("Cache-Control", "private, no-cache")
      response.body = .bytes(bytes)
      return response
    } catch let errors as EInvoiceErrors {
      let what = errors.all.map { context.text(message($0)) }.joined(separator: " ")
      return context.redirect(
        to: invoice.header.href, Flash(Message("No electronic invoice can be made of this: {problems}", ["problems": what]), kind: .problem)
      )
    } catch let errors as DocumentErrors {
      return context.redirect(to: invoice.header.href, Flash(errors.errors.first ?? .notOffered, kind: .problem))
    }
  }

  static func xml(of invoice: Record, crediting credited: Record?, name: String) throws -> [UInt8] {
    let document = DocumentValues(invoice)
    let (priced, totals) = (
      try document.priced(paid: document.minor("prepaid")), try document.totals(paid: document.minor("prepaid"))
    )
    let sender = Sender(invoice["sender"])
    let recipient = Recipient(invoice["recipient"]) ?? Recipient()
    let lines = document.lines
    var file = EInvoice(
      Invoice.isCreditNote(invoice) ? .creditNote : .invoice, number: invoice.name,
      issued: Day(invoice["date"].text) ?? Day(Timestamp(invoice["issued_at"].text)?.civil ?? Timestamp(milliseconds: 0).civil),
      seller: seller(sender, name: name), buyer: buyer(recipient),
      lines: lines.map { line in
        line.kind.isPriced
          ? EInvoice.Line(line.name, description: line.description, sku: line.sku, unit: line.unit.isEmpty ? "C62" : line.unit) : nil
      }, document: priced, totals: totals)
    file.due = Day(invoice["due_on"].text)
    file.buyerReference = invoice["reference"].text
    if case .reference(_, let order) = invoice["order"] { file.orderReference = order }
    if let credited { file.precedingInvoices = [EInvoice.PrecedingInvoice(credited.name, issued: Day(credited["date"].text))] }
    if let sender, !sender[.businessIBAN].isEmpty {
      file.payment = EInvoice.Payment(
        .transfer, account: sender[.businessIBAN], accountName: sender[.businessName], bic: sender[.businessBIC], reference: invoice.name)
    }
    file.paymentTerms = invoice["terms"].text
    file.discountReason = invoice["discount_reason"].text.isEmpty ? "Discount" : invoice["discount_reason"].text
    file.chargeReasons = priced.charges.map { _ in "Shipping" }
    for line in lines {
      if let vat = line.vat, !vat.reason.isEmpty, let category = Money.VATCode.Category(rawValue: vat.category) {
        file.exemptionReasons[category] = vat.reason
      }
    }
    return try file.xml()
  }

  private static func seller(_ sender: Sender?, name: String) -> EInvoice.Party {
    func text(_ setting: Setting) -> String { sender?[setting] ?? "" }
    var party = EInvoice.Party(
      text(.businessName).isEmpty ? name : text(.businessName), vatNumber: text(.businessVAT),
      address: EInvoice.Address(
        [text(.businessAddress)].filter { !$0.isEmpty }, city: text(.businessCity), postcode: text(.businessPostcode),
        country: text(.businessCountry)))
    party.contact = EInvoice.Contact(phone: text(.businessPhone), email: text(.businessEmail))
    return party
  }

  private static func buyer(_ recipient: Recipient) -> EInvoice.Party {
    var party = EInvoice.Party(
      recipient.company.isEmpty ? recipient.person : recipient.company, vatNumber: recipient.vatNumber,
      address: EInvoice.Address(
        [recipient.street].filter { !$0.isEmpty }, city: recipient.city, postcode: recipient.postcode, region: recipient.region,
        country: recipient.country))
    if !recipient.company.isEmpty, !recipient.person.isEmpty { party.contact = EInvoice.Contact(name: recipient.person) }
    return party
  }

  /// What is missing, and where to enter it.
  private static func message(_ problem: EInvoiceErrors.Problem) -> Message {
    switch problem {
    case .noVATNumber(.seller, _), .badVATNumber(.seller, _): Message("Enter your VAT number in the settings, with its country.")
    case .noName(.seller), .noCountry(.seller), .unknownCountry(.seller, _):
      Message("Enter the name and country of your business in the settings.")
    case .noVATNumber, .badVATNumber: Message("The customer’s VAT number is missing or wrong.")
    case .noName, .noCountry, .unknownCountry: Message("The customer’s name or country is missing.")
    case .tooManyDecimals(let currency), .unknownCurrency(let currency):
      Message("The standard doesn’t allow amounts in {currency}.", ["currency": currency])
    case .noExemptionReason, .outOfScopeAmongOthers: Message("The VAT codes of its lines don’t go together, or say no reason.")
    case .noDeliveryDate: Message("A supply to another country needs a delivery date and address.")
    case .noAccount, .badIBAN: Message("Check the IBAN in the settings.")
    case .unknownUnit(_, let unit): Message("The unit {unit} is unknown.", ["unit": unit])
    default: Message("Something that the standard wants is missing.")
    }
  }
}
