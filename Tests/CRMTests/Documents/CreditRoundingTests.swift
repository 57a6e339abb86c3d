@testable import Admin
import Base
@testable import CRM
import Money
import Store
import TestKit
import Testing
import Web

/// An invoice that is credited in parts: together they are the invoice, to the cent, for each rate of VAT.
@Suite struct CreditRoundingTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func totals(_ path: String) throws -> DocumentTotals {
    try sales.office.store.read { db in
      let invoice = try #require(try RecordID(sales.id(path)).flatMap { try RecordType.invoice.record($0, in: db) })
      let document = DocumentValues(invoice)
      let totals = try document.totals()
      #expect(document.minor("total") == totals.gross && document.minor("vat") == totals.vat && document.minor("net") == totals.net)
      return totals
    }
  }

  /// Credits these quantities of the lines, by their places; `nil` for all that is left.
  private func credit(_ invoice: String, _ pieces: [Int64]?, shipping: Bool = true) throws -> String {
    let note = sales.stepping(invoice, "credit")
    if let pieces {
      try sales.act { act in
        let id = try #require(RecordID(sales.id(note)))
        let record = try #require(try RecordType.invoice.record(id, in: act.db))
        var values = DocumentValues(record)
        values.lines = zip(values.lines, pieces).compactMap { line, quantity in
          if quantity == 0 { return nil }
          var line = line
          line.quantity = quantity * 1000
          return line
        }
        if !shipping { values["shipping"] = .empty }
        let outcome = try RecordType.invoice.save(values.values, over: id, from: record.version, act)
        try #require(outcome.errors.isEmpty, "\(outcome.errors)")
      }
    }
    try sales.issue(note)
    return note
  }

  private func expectWhole(_ invoice: String, _ notes: [String], _ what: String) throws {
    let (whole, parts) = (try totals(invoice), try notes.map { try totals($0) })
    for group in whole.vatGroups {
      func sum(_ figure: (DocumentTotals.VATGroup) -> Int64) -> Int64 {
        parts.reduce(0) { $0 + ($1.vatGroups.first { $0.code == group.code }.map(figure) ?? 0) }
      }
      #expect(sum(\.taxable) == group.taxable, "net of \(group.code.rate.units): \(what)")
      #expect(sum(\.vat) == group.vat, "VAT of \(group.code.rate.units): \(what)")
    }
    #expect(parts.reduce(0) { $0 + $1.gross } == whole.gross, "\(what)")
    let json = sales.json(invoice)
    #expect(json["credited"] == json["total"] && json["status"]?.string == "credited", "\(what)")
    #expect(json["payment_status"]?.string == "paid", "\(what)")
  }

  @Test(arguments: ["net", "gross"])
  func `one by one, of an amount that can't be divided`(_ prices: String) throws {
    let code = try sales.vat("24")
    for price in ["0.335", "0.333", "33.33", "0.02"] {
      let invoice = try sales.invoice([Line("Clock", "3", price, vat: code)], [("prices", prices)]).invoice
      let notes = try [[1], [1], nil].map { try credit(invoice, $0) }
      try expectWhole(invoice, notes, "\(price) \(prices)")
    }
  }

  @Test func `the electronic credit note and its explanation have the same figures`() throws {
    let code = try sales.vat("24")
    try sales.settings(
      "/documents",
      [
        "business_name": "Helios", "business_vat_number": "EL123456783", "business_country": "GR", "business_city": "Athens",
        "business_postal_code": "10431", "business_address": "Ermou 1",
      ])
    sales.owner.get("/admin/crm/companies/new")
    let company =
      sales.owner.post(
        "/admin/crm/companies", ["name": "Aiolos", "status": "active", "vat_number": "EL123456783", "country": "GR", "city": "Patra"]
      ).location.split(separator: "?").first.map(String.init) ?? ""
    let invoice = try sales.invoice(
      [Line("Clock", "3", "0.335", vat: code)],
      [("contact", ""), ("contact_id", ""), ("company", "Aiolos"), ("company_id", sales.id(company))]
    ).invoice
    let notes = try [[1], [1], nil].map { try credit(invoice, $0) }
    let amounts = try notes.map { try totals($0).gross }
    #expect(Set(amounts).count > 1, "\(amounts)")
    for note in notes {
      let xml = sales.owner.get(note + "/invoice.xml")
      #expect(xml.status == 200, "\(xml.status == 200 ? "" : sales.flash(xml))")
      #expect(xml.text.contains(">\(sales.amount(note, "total"))</cbc:TaxInclusiveAmount>"))
      let page = sales.owner.get(note + "/total")
      #expect(page.status == 200 && page.text.contains(sales.amount(note, "total")))
      #expect(page.text.contains("all credit notes add up") == (note == notes[1]))
    }
  }

  @Test(arguments: 0..<12)
  func `any parts of any invoice`(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed + 77))
    let codes = try [sales.vat("24"), sales.vat("13"), sales.vat("5.5")]
    let count = 1 + random.below(4)
    let pieces = (0..<count).map { _ in Int64(1 + random.below(5)) }
    let lines = pieces.map { pieces in
      let discount = ["", "7%", "33.3333%", "0.37"][random.below(4)]
      return Line(
        "Clock", "\(pieces)", "\(1 + random.below(30)).\(100 + random.below(899))", discount: discount, vat: codes[random.below(3)])
    }
    var more = [("prices", random.below(2) == 0 ? "net" : "gross")]
    let ships = random.below(2) == 0
    if ships { more += [("shipping", "4.99"), ("shipping_currency", "EUR")] }
    let invoice = try sales.invoice(lines, more).invoice
    var left = pieces
    var notes: [String] = []
    while left.reduce(0, +) > 1, notes.count < 4 {
      // Of those that are left, as the draft of a credit note has them.
      let open = left.indices.filter { left[$0] > 0 }
      var part = open.map { Int64(random.below(Int(left[$0]) + 1)) }
      if part.allSatisfy({ $0 == 0 }) { part[0] = 1 }
      if zip(open, part).allSatisfy({ left[$0] == $1 }) { break }
      notes.append(try credit(invoice, part))
      for (place, quantity) in zip(open, part) { left[place] -= quantity }
    }
    notes.append(try credit(invoice, nil))
    try expectWhole(invoice, notes, "\(lines.map { ($0.quantity, $0.price, $0.discount) }) \(more)")
  }

  @Test(arguments: [("4", "14.51", "5%"), ("5", "1.08", "5%"), ("10", "10.03", "70%"), ("3", "10.04", "70%"), ("3", "9.99", "1.01")])
  func `with a discount on everything each note rounds by itself, and the last can always be made`(
    pieces: String, price: String, discount: String
  ) throws {
    let invoice = try sales.invoice([Line("Clock", pieces, price, vat: sales.vat("13"))], [("discount", discount)]).invoice
    let count = Int64(pieces) ?? 0
    let notes = try (1...count).map { try credit(invoice, $0 == count ? nil : [1]) }
    let sum = try notes.reduce(Int64(0)) { $0 + (try totals($1).gross) }
    #expect(abs(sum - (try totals(invoice).gross)) <= count, "\(sum)")
  }

  @Test func `what is left after a part at another price can be credited`() throws {
    let invoice = try sales.invoice([Line("Clock", "4", "0.335")]).invoice
    let first = sales.stepping(invoice, "credit")
    let typed = try sales.form(first).map { field in
      field.0 == "line_quantity" ? (field.0, "1") : field.0 == "line_price" ? (field.0, "0.334") : field
    }
    #expect(sales.owner.post(first, typed + [("csrf_token", sales.owner.lastToken)]).status == 303)
    try sales.issue(first)
    for part in [[1], [1], nil] as [[Int64]?] { _ = try credit(invoice, part) }
    #expect(sales.json(invoice)["status"]?.string == "credited")
  }
}
