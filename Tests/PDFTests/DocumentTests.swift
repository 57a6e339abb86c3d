import Base
import Foundation
import QRCode
import Synchronization
import Testing

@testable import PDF
@testable import Templating

/// An invoice as an office sends it, from a template.
@Suite struct DocumentTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path

  private static let line = ViewSchema(
    "line", [("name", .text), ("note", .text), ("quantity", .text), ("price", .text), ("vat", .text), ("amount", .text), ("carry", .text)])
  private static let total = ViewSchema("total", [("label", .text), ("amount", .text), ("look", .text)])
  private static let page = ViewSchema(
    "invoice",
    [
      ("seller", .text), ("number", .text), ("customer", .text), ("address", .text), ("date", .text), ("due", .text), ("tracking", .text),
      ("lines", .list(.record(line))), ("totals", .list(.record(total))),
    ])
  private static let globals = ViewSchema("frame", [])

  private static let greek = Language(
    tag: "el",
    texts: [
      "Invoice {number}": ["Τιμολόγιο {number}"], "Page {page} of {pages}": ["Σελίδα {page} από {pages}"], "Bill to": ["Πελάτης"],
      "Date": ["Ημερομηνία"], "Due date": ["Λήξη"], "Order": ["Παραγγελία"], "Carried forward": ["Σε μεταφορά"],
      "Brought forward": ["Από μεταφορά"], "No.": ["Α/Α"], "Item": ["Περιγραφή"], "Quantity": ["Ποσότητα"], "Unit price": ["Τιμή μονάδας"],
      "VAT": ["ΦΠΑ"], "Amount": ["Αξία"], "How to pay": ["Τρόπος πληρωμής"],
      "Please transfer the amount due by {date}.": ["Παρακαλούμε μεταφέρετε το πληρωτέο ποσό έως τις {date}."],
      "Track your parcel": ["Παρακολούθηση δέματος"],
    ])

  /// The markup of the invoice, as the template engine makes it.
  private static func markup(in language: Language, name: String = "Thermostat T-3") throws -> [UInt8] {
    let isGreek = language.tag == "el"
    func money(_ text: String) -> String { isGreek ? text.replacing(".", with: ",") + "\u{A0}€" : "€" + text }
    func number(_ text: String) -> String { isGreek ? text.replacing(".", with: ",") : text }
    let lines = [
      [name, "S/N 24-00017, 24-00018, 24-00021", "3", "99.99", "24\u{A0}%", "299.97", "299.97"],
      ["Σταθμός τηλεχειρισμού «ΐ ΰ Ώ ς ᾠδή»", "", "1", "50.00", "24\u{A0}%", "50.00", "349.97"],
      ["Manual <2nd edition> & “case”", "", "2", "10.01", "6\u{A0}%", "20.02", "369.99"],
    ].map { texts in
      Value.record(ViewData(line, texts.enumerated().map { .text($0 > 2 ? number($1) : $1) }))
    }
    let labels =
      isGreek
      ? [
        "Μερικό σύνολο", "Έκπτωση", "Καθαρή αξία", "ΦΠΑ 24\u{A0}% επί 340,51", "ΦΠΑ 6\u{A0}% επί 19,48", "Σύνολο", "Πληρώθηκε",
        "Πληρωτέο ποσό",
      ]
      : ["Subtotal", "Discount", "Net", "VAT 24\u{A0}% on 340.51", "VAT 6\u{A0}% on 19.48", "Total", "Paid", "Amount due"]
    let amounts = ["369.99", "−10.00", "359.99", "81.72", "1.17", "442.88", "−100.00", "342.88"]
    let looks = ["", "", "", "muted", "muted", "grand", "muted", "strong"]
    let totals = zip(labels, zip(amounts, looks)).map { label, rest in
      Value.record(ViewData(total, [.text(label), .text(money(rest.0)), .text(rest.1)]))
    }
    let data = ViewData(
      page,
      [
        .text("Helios Instruments A.E."), .text("INV-2026-007"), .text("Nordlicht Łódź Sp. z o.o."),
        .text("Ewa Kowalska\nul. Piotrkowska 104\n90-926 Łódź\nPolska"), .text(isGreek ? "26 Νοε 2026" : "26 Nov 2026"),
        .text(isGreek ? "26 Δεκ 2026" : "26 Dec 2026"), .text("https://track.example/?n=JD01'46"), .list(lines), .list(totals),
      ])
    let source = try String(contentsOfFile: folder + "/invoice.html", encoding: .utf8)
    let set = try TemplateSet(sources: ["invoice": source], globals: globals, pages: ["invoice": page])
    let context = RenderContext(globals: ViewData(globals, []), language: language, now: Timestamp(milliseconds: 0))
    return try set.render("invoice", page: data, context: context).bytes
  }

  private static func file(_ markup: [UInt8], _ language: String) throws -> PDFFile {
    let code = try #require(QRCode("BCD\n002\n1\nSCT\n\nHelios Instruments A.E.\nGR1601101250000000012300695\nEUR342.88\n\n\nINV-2026-007"))
    return try PDF.render(
      markup, language: language, title: "Τιμολόγιο INV-2026-007", author: "Helios Instruments A.E.",
      createdAt: Timestamp(milliseconds: 1_795_687_200_000),
      images: ["/logo": Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/logo.png")))],
      codes: ["/pay": PDFCode(size: code.size, modules: code.modules)])
  }

  @Test(arguments: ["en", "el"])
  func `an invoice reads as its golden text`(language: String) throws {
    let file = try Self.file(Self.markup(in: language == "el" ? Self.greek : .english), language)
    #expect(file.pageCount == 1)
    #expect(file.missingCharacters == 0)
    let text = try file.pages().joined(separator: "\u{0C}")
    let path = Self.folder + "/invoice.\(language).txt"
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    #expect(text == (try String(contentsOfFile: path, encoding: .utf8)))
  }

  @Test func `the same input gives the same bytes, on many threads at once`() throws {
    let markups = [try Self.markup(in: .english), try Self.markup(in: Self.greek, name: "Հայաստան 日本 ไทย")]
    let expected = try markups.map { try Self.file($0, "en").bytes }
    #expect(expected[0] != expected[1])
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<12 {
        let which = (thread + round) % 2
        if (try? Self.file(markups[which], "en").bytes) != expected[which] { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test func `the file says what it is`() throws {
    let file = try Self.file(Self.markup(in: .english), "en")
    let info = try file.info("-isodates")
    for line in [
      "Title:           Τιμολόγιο INV-2026-007", "Author:          Helios Instruments A.E.", "CreationDate:    2026-11-26T10:00:00Z",
      "Tagged:          yes", "Page size:       595.276 x 841.89 pts (A4)",
    ] {
      #expect(info.contains(line), "\(line)")
    }
    #expect(try PDF.render("<article data-paper=\"letter\"><p>a</p></article>").info().contains("612 x 792 pts (letter)"))
  }

  @Test func `its language is said, whatever it is`() throws {
    for language in ["el", "de-CH", ""] {
      let file = try PDF.render("<article><p>α</p></article>", language: language)
      let json = String(decoding: try file.read("qpdf", ["--json", "--json-key=qpdf"]), as: UTF8.self)
      #expect(json.contains("\"/Lang\": \"u:\(language)\""), "\(json)")
      #expect(try file.pages() == ["α\n"])
    }
  }

  @Test func `its structure is tagged`() throws {
    let structure = try Self.file(Self.markup(in: .english), "en").info("-struct-text")
    for tag in ["Document", "H1", "H3", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "Figure", "Link"] {
      #expect(
        structure.split(separator: "\n").contains { $0.trimmingPrefix { $0 == " " }.prefix { $0.isLetter || $0.isNumber } == tag }, "\(tag)"
      )
    }
    // What is repeated on every page isn't part of the text.
    #expect(!structure.contains("Page 1 of 1"))
  }

  @Test func `links can be clicked`() throws {
    let urls = try Self.file(Self.markup(in: .english), "en").info("-url")
    #expect(urls.contains("https://track.example/?n=JD01%2746"))
    #expect(urls.contains("https://helios.example"))
  }
}
