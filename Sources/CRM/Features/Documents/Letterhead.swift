import Admin
import Base
import PDF
import Templating

/// What is the same on all of the office's letters: who sends it, and whom it goes to.
enum Letterhead {
  static let shape = ViewSchema(
    "print-letterhead",
    [
      ("sender", .text), ("senderLines", .list(.text)), ("footLines", .list(.text)), ("bankLines", .list(.text)), ("contact", .text),
      ("hasLogo", .bool), ("recipient", .list(.text)),
    ])
  /// The name of the picture in the markup.
  static let logo = "logo"

  /// What a sender is called who has given no name.
  static func name(of sender: Sender, for context: RequestContext) -> String {
    sender[.businessName].isEmpty ? context.settings[.installationName].text : sender[.businessName]
  }

  /// Prints with the logo, or without where it is damaged.
  static func print(for context: RequestContext, _ make: (_ withLogo: Bool) throws -> PDFFile) throws -> PDFFile {
    do {
      return try make(true)
    } catch PDFError.image(let name, let problem) {
      context.services.log("logo not printed", ["image": name, "problem": "\(problem)"])
      return try make(false)
    }
  }

  static func view(_ sender: Sender, name: String, to recipient: [String], hasLogo: Bool, _ formats: Formats) -> ViewData {
    func lines(_ texts: [String]) -> Value { .list(texts.filter { !$0.isEmpty }.map { .text($0) }) }
    func joined(_ texts: [String], _ separator: String) -> String { texts.filter { !$0.isEmpty }.joined(separator: separator) }
    let place = joined([sender[.businessPostcode], sender[.businessCity]], " ")
    let vat = sender[.businessVAT].isEmpty ? "" : formats.language.text("VAT number") + " " + sender[.businessVAT]
    return ViewData(
      shape,
      [
        .text(name), lines([name, sender[.businessAddress], place, formats.country(sender[.businessCountry])]),
        lines([name, joined([sender[.businessAddress], place], ", "), joined([vat, sender[.businessTaxOffice]], " · ")]),
        lines([
          sender[.businessIBAN].isEmpty ? "" : "IBAN " + sender[.businessIBAN],
          sender[.businessBIC].isEmpty ? "" : "BIC " + sender[.businessBIC],
        ]),
        .text(joined([sender[.businessPhone], sender[.businessEmail]], " · ")), .bool(hasLogo), lines(recipient),
      ])
  }
}
