import Admin
import Base
import Money
import PDF
import Store
import Synchronization
import Templating
import Web

/// The statement of a contact or a company: as a page, on paper, and as a file for spreadsheets.
struct StatementPage: Sendable {
  /// As a function, since a type's tabs name its pages.
  let type: @Sendable () -> RecordType
  let customer: AccountStatement.Customer

  static let template = "statements/page"
  /// The last part of its address.
  static let name = "statement"

  var routes: [Route] {
    let path = type().path + "/{id}/" + Self.name
    // Of one's own documents alone it would be a part that looks like the whole.
    let access = Access.see(type().resource).and(.needs(.read, on: .invoices))
    return [
      .get(path, access, effort: .read, show),
      .get(path + ".pdf", access, effort: .files, pdf),
      .get(path + ".csv", access.and(.full(.exports)), csv),
    ]
  }

  // MARK: Period

  private struct Choice {
    var period = AccountStatement.Period()
    /// As typed.
    var from = ""
    var until = ""
    var problems = ValidationErrors()
  }

  /// Without days in the address it is this year until today; with both left empty all that there is.
  private func choice(_ context: RequestContext, on today: Day) -> Choice {
    var choice = Choice()
    guard context.query["from"] != nil || context.query["until"] != nil else {
      choice.period = .year(until: today)
      (choice.from, choice.until) = (choice.period.first, choice.period.last)
      return choice
    }
    func day(_ name: String, _ typed: inout String) -> Day? {
      typed = TextNormalizing.clean(TextNormalizing.start(of: context.query[name] ?? "", 40))
      if !typed.isEmpty, Day(typed) == nil { choice.problems.add(name, Message("Invalid date. Enter it like 2026-11-20.")) }
      return Day(typed)
    }
    var (from, until) = ("", "")
    choice.period = AccountStatement.Period(from: day("from", &from), until: day("until", &until))
    (choice.from, choice.until) = (from, until)
    if let from = choice.period.from, let until = choice.period.until, until < from {
      choice.problems.add("until", Message("The last day can’t be before the first."))
    }
    return choice
  }

  private func reader(_ header: RecordHeader, _ context: RequestContext) throws -> StatementReader {
    StatementReader(
      customer: customer, id: header.id, orderScope: try context.scope(of: .orders))
  }

  private func today(_ context: RequestContext, in db: Database) throws -> Day { try Settings.businessDay(at: context.now, in: db) }

  // MARK: Page

  private static let periodSchema = ViewSchema("statement-period", [("label", .text), ("href", .text), ("isCurrent", .bool)])
  private static let entrySchema = ViewSchema(
    "statement-entry",
    [
      ("date", .text), ("label", .text), ("number", .text), ("href", .optional(.text)), ("detail", .text), ("due", .text), ("debit", .text),
      ("credit", .text), ("balance", .text),
    ])
  private static let ageSchema = ViewSchema("statement-age", [("label", .text), ("amount", .text), ("isLate", .bool), ("isSum", .bool)])
  private static let accountSchema = ViewSchema(
    "statement-account",
    [
      ("currency", .text), ("opening", .text), ("openingDay", .text), ("debit", .text), ("credit", .text), ("closing", .text),
      ("overdue", .text), ("isOverdue", .bool), ("hidden", .int), ("brought", .text), ("entries", .list(.record(entrySchema))),
      ("ages", .list(.record(ageSchema))),
    ])
  static let shape = ViewSchema(
    "statement",
    [
      ("record", .record(RecordFrame.shape)), ("action", .text), ("from", .text), ("until", .text), ("fromError", .optional(.text)),
      ("untilError", .optional(.text)), ("periods", .list(.record(periodSchema))), ("period", .text), ("pdfHref", .text),
      ("csvHref", .optional(.text)), ("accounts", .list(.record(accountSchema))),
    ])

  @Sendable private func show(_ context: RequestContext) throws -> Response {
    let type = type()
    let header = try context.header(of: type)
    let reader = try reader(header, context)
    return try context.store.read { db in
      let today = try today(context, in: db)
      let choice = choice(context, on: today)
      let isValid = choice.problems.isEmpty
      let statement =
        isValid ? try reader.statement(choice.period, on: today, in: db) : AccountStatement(period: choice.period, accounts: [])
      let view = StatementView(statement, context.formats)
      let path = header.href + "/" + Self.name
      func address(_ path: String, _ period: AccountStatement.Period?) -> String {
        period.map { URLQuery.append([("from", $0.first), ("until", $0.until?.text ?? "")], to: path) } ?? path
      }
      let chosen = context.query["from"] == nil && context.query["until"] == nil ? nil : choice.period
      let periods: [(String, AccountStatement.Period?, Bool)] = [
        ("This year", nil, choice.period == .year(until: today)),
        ("Last year", .year(before: today), choice.period == .year(before: today)),
        ("All time", AccountStatement.Period(), choice.period == AccountStatement.Period()),
      ]
      func error(_ name: String) -> Value { choice.problems[name].map { .text(context.text($0)) } ?? .null }
      return try context.page(
        Self.template,
        ViewData(
          Self.shape,
          [
            .record(RecordFrame.record(header, type, tab: "orders", for: context)), .text(path), .text(choice.from), .text(choice.until),
            error("from"), error("until"),
            .list(
              periods.map { label, period, isCurrent in
                .record(
                  ViewData(
                    Self.periodSchema, [.text(context.language.text(label)), .text(address(path, period)), .bool(isCurrent && isValid)]))
              }),
            .text(isValid ? view.period : ""), .text(address(path + ".pdf", chosen)),
            context.may(.full, on: .exports) ? .text(address(path + ".csv", chosen)) : .null,
            .list(statement.accounts.map { .record(account($0, view)) }),
          ]), status: isValid ? 200 : 422)
    }
  }

  private func account(_ account: AccountStatement.Account, _ view: StatementView) -> ViewData {
    ViewData(
      Self.accountSchema,
      [
        .text(account.currency), .text(view.figure(account.opening, account)), .text(view.openingDay),
        .text(view.figure(account.debit, account)), .text(view.figure(account.credit, account)),
        .text(view.figure(account.closing, account)), .text(view.figure(account.ageing.overdue, account)),
        .bool(account.ageing.overdue > 0), .int(account.hidden), .text(view.figure(account.brought, account)),
        .list(
          view.lines(account).map { line in
            .record(
              ViewData(
                Self.entrySchema,
                [
                  .text(line.date), .text(line.label), .text(line.entry.number), line.entry.path.isEmpty ? .null : .text(line.entry.path),
                  .text(line.detail), .text(line.due), .text(line.debit), .text(line.credit), .text(line.balance),
                ]))
          }),
        .list(
          view.ages(account).map {
            .record(ViewData(Self.ageSchema, [.text($0.label), .text($0.amount), .bool($0.isLate), .bool($0.isSum)]))
          }),
      ])
  }

  // MARK: On paper

  /// What is asked for, or what is wrong with it.
  private func valid(_ context: RequestContext, on today: Day) throws -> AccountStatement.Period {
    let choice = choice(context, on: today)
    if let problem = choice.problems.first { throw HTTPError.badRequest(problem) }
    return choice.period
  }

  @Sendable private func pdf(_ context: RequestContext) throws -> Response {
    let type = type()
    let header = try context.header(of: type)
    let reader = try reader(header, context)
    let print = try context.store.read { db in
      guard let record = try type.record(header.id, in: db) else { throw HTTPError.notFound }
      let today = try today(context, in: db)
      return StatementPrint(
        record: record, statement: try reader.statement(valid(context, on: today), on: today, in: db), today: today,
        language: try language(of: record, context, in: db))
    }
    return try DocumentFiles.response(print.fileName, of: header.id, for: context) { try print.pdf(for: context).bytes }
  }

  /// The customer's own, or that of their newest invoice, or the office's.
  private func language(of record: Record, _ context: RequestContext, in db: Database) throws -> Language {
    var tag = record["language"].text
    if tag.isEmpty {
      tag =
        try db.text(
          """
          SELECT language FROM invoices WHERE \(raw: customer.rawValue)_id = \(record.id) AND language <> '' AND status <> 'trashed'
          ORDER BY seq DESC LIMIT 1
          """) ?? ""
    }
    return tag.isEmpty ? context.officeLanguage : context.services.languages.language(tag)
  }

  // MARK: For spreadsheets

  /// A server thread makes one piece after the other for all who wait, so each is short.
  private static let linesAtOnce = 1_000

  /// All lines of the period, read in pieces. Separated as the reader's spreadsheet expects.
  @Sendable private func csv(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: type())
    let reader = try reader(header, context)
    let statement = try context.store.read { db in
      let today = try today(context, in: db)
      return try reader.statement(valid(context, on: today), on: today, in: db)
    }
    let formats = context.formats.forSpreadsheets
    let walk = Mutex(StatementWalk(statement, StatementView(statement, formats)))
    let name = [context.language.text("Statement of account"), header.name].joined(separator: " ").replacing("/", with: "-")
    return SpreadsheetFile.response(
      FileDownload.disposition(name + ".csv", isInline: false), heading: StatementWalk.heading.map { formats.language.text($0) }, formats,
      from: context.services.store
    ) { db in try walk.withLock { walk in try walk.next(Self.linesAtOnce, reader, in: db) } }
  }
}
