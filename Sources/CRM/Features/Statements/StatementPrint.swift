import Admin
import Base
import PDF
import Store
import Templating

/// A statement on paper, in the language of the customer.
struct StatementPrint {
  private static let lineSchema = ViewSchema(
    "print-statement-line",
    [
      ("date", .text), ("label", .text), ("detail", .text), ("due", .text), ("debit", .text), ("credit", .text), ("balance", .text),
    ])
  private static let ageSchema = ViewSchema("print-statement-age", [("label", .text), ("amount", .text), ("isSum", .bool)])
  private static let accountSchema = ViewSchema(
    "print-statement-account",
    [
      ("currency", .text), ("opening", .text), ("closing", .text), ("closingAmount", .text), ("hidden", .int), ("brought", .text),
      ("lines", .list(.record(lineSchema))), ("ages", .list(.record(ageSchema))),
    ])
  static let shape = ViewSchema(
    "print-statement",
    [
      ("title", .text), ("letter", .record(Letterhead.shape)), ("period", .text), ("today", .text),
      ("accounts", .list(.record(accountSchema))),
    ])
  static let template = "statements/print"

  let record: Record
  let statement: AccountStatement
  let today: Day
  let language: Language

  private var title: String { language.text("Statement of account") }

  var fileName: String { "\(title) \(record.name) \(today.text).pdf".replacing("/", with: "-") }

  func pdf(for context: RequestContext) throws -> PDFFile {
    try Letterhead.print(for: context) { withLogo in try pdf(for: context, withLogo: withLogo) }
  }

  private func pdf(for context: RequestContext, withLogo: Bool) throws -> PDFFile {
    let formats = Formats(language: language, zone: ZoneClock(context.settings[.defaultTimeZone].text), now: context.now)
    let (sender, logo) = try context.store.read { db in
      (Sender(try Settings.read(Sender.settings, in: db)), withLogo ? try context.settings.logo?.bytes(in: db) : nil)
    }
    let name = Letterhead.name(of: sender, for: context)
    let recipient = Recipient(customer: record)
    let view = StatementView(statement, formats)
    let data = ViewData(
      Self.shape,
      [
        .text(title),
        .record(
          Letterhead.view(
            sender, name: name, to: recipient.lines(country: formats.country(recipient.country)), hasLogo: logo != nil, formats)),
        .text(view.period), .text(formats.date(today.text)), .list(statement.accounts.map { .record(account($0, view)) }),
      ])
    return try PDF.render(
      context.rendered(Self.template, data, in: language), language: language.tag, title: "\(title) \(record.name)", author: name,
      createdAt: context.now, images: logo.map { [Letterhead.logo: $0] } ?? [:])
  }

  private func account(_ account: AccountStatement.Account, _ view: StatementView) -> ViewData {
    ViewData(
      Self.accountSchema,
      [
        .text(account.currency), .text(view.figure(account.opening, account)), .text(view.figure(account.closing, account)),
        .text(view.money(account.closing, account)), .int(account.hidden), .text(view.figure(account.brought, account)),
        .list(
          view.lines(account).map { line in
            .record(
              ViewData(
                Self.lineSchema,
                [
                  .text(line.date), .text([line.label, line.entry.number].filter { !$0.isEmpty }.joined(separator: " ")),
                  .text(line.detail),
                  .text(line.due), .text(line.debit), .text(line.credit), .text(line.balance),
                ]))
          }),
        .list(view.ages(account).map { .record(ViewData(Self.ageSchema, [.text($0.label), .text($0.amount), .bool($0.isSum)])) }),
      ])
  }
}
