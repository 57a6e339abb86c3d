import Admin
import Base
import Money
import Templating

/// A statement as people read it in one language.
struct StatementView: Sendable {
  struct Line {
    let entry: AccountStatement.Entry
    let date: String
    let label: String
    let detail: String
    let due: String
    let debit: String
    let credit: String
    let balance: String
  }

  struct Age {
    let label: String
    let amount: String
    let isLate: Bool
    let isSum: Bool
  }

  let statement: AccountStatement
  let formats: Formats

  init(_ statement: AccountStatement, _ formats: Formats) { (self.statement, self.formats) = (statement, formats) }

  func money(_ minor: Int64, _ account: AccountStatement.Account) -> String { formats.money(Amount(minor, account.currency)) }

  func figure(_ minor: Int64, _ account: AccountStatement.Account) -> String {
    MoneyField().displayNumber(Int(minor), account.currency, formats)
  }

  /// As spreadsheets compute with it.
  func exact(_ minor: Int64, _ account: AccountStatement.Account) -> String {
    MoneyField().spreadsheetCells(.amount(Int(minor), currency: account.currency), formats).first ?? ""
  }

  /// The days that it covers.
  var period: String {
    let (from, until) = (statement.period.from.map { formats.date($0.text) }, statement.period.until.map { formats.date($0.text) })
    return switch (from, until) {
    case (let from?, let until?): "\(from) – \(until)"
    case (let from?, nil): formats.language.text("from {day}", ["day": .text(from)])
    case (nil, let until?): formats.language.text("until {day}", ["day": .text(until)])
    case (nil, nil): formats.language.text("All time")
    }
  }

  /// The day before which the opening balance was.
  var openingDay: String { statement.period.from.map { formats.date($0.text) } ?? "" }

  func lines(_ account: AccountStatement.Account) -> [Line] {
    var balance = account.brought
    return account.entries.map { entry in
      balance += entry.amount
      return Line(
        entry: entry, date: formats.date(entry.date), label: formats.language.text(entry.kind.label), detail: detail(entry),
        due: entry.dueOn.isEmpty ? "" : formats.date(entry.dueOn),
        debit: entry.amount > 0 || entry.kind == .invoice ? figure(entry.amount, account) : "",
        credit: entry.amount < 0 || entry.kind == .creditNote ? figure(-entry.amount, account) : "", balance: figure(balance, account))
    }
  }

  /// "Bank transfer · ZX-17", or what a document is about.
  func detail(_ entry: AccountStatement.Entry) -> String {
    let method = Payment.label(ofMethod: entry.method)
    return [method.isEmpty ? "" : formats.language.text(method), entry.text].filter { !$0.isEmpty }.joined(separator: " · ")
  }

  /// What is open by age, and what that comes to.
  func ages(_ account: AccountStatement.Account) -> [Age] {
    var ages = zip(AccountStatement.Ageing.labels, account.ageing.open).enumerated().map { place, age in
      Age(label: formats.language.text(age.0), amount: figure(age.1, account), isLate: place > 0 && age.1 > 0, isSum: false)
    }
    if account.ageing.rest != 0 {
      ages.append(
        Age(
          label: formats.language.text("Not matched to an invoice"), amount: figure(account.ageing.rest, account), isLate: false,
          isSum: false))
    }
    return ages + [Age(label: formats.language.text("Balance"), amount: figure(account.closing, account), isLate: false, isSum: true)]
  }
}
