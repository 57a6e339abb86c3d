import Templating
import Admin
import Base
import Store

/// The rows of a file, account by account.
struct StatementWalk {
  static let heading = ["Date", "Type", "Number", "Reference", "Due on", "Debit", "Credit", "Balance", "Currency"]

  let statement: AccountStatement
  let view: StatementView
  private var index = 0
  private var place: AccountStatement.Place?
  private var balance: Int64 = 0

  init(_ statement: AccountStatement, _ view: StatementView) { (self.statement, self.view) = (statement, view) }

  /// The next rows; `nil` when all are there.
  mutating func next(_ limit: Int, _ reader: StatementReader, in db: Database) throws -> [[String]]? {
    guard statement.accounts.indices.contains(index) else { return nil }
    var rows: [[String]] = []
    let account = statement.accounts[index]
    func row(_ date: String, _ label: String, _ more: [String], _ amounts: [Int64?]) -> [String] {
      [date, view.formats.language.text(label)] + more + amounts.map { $0.map { view.exact($0, account) } ?? "" } + [account.currency]
    }
    if place == nil {
      balance = account.opening
      rows.append(row(statement.period.first, "Opening balance", ["", "", ""], [nil, nil, balance]))
    }
    let entries = try reader.entries(statement.period, account.currency, after: place, limit: limit, in: db)
    for entry in entries {
      balance += entry.amount
      rows.append(
        row(
          entry.date, entry.kind.label, [entry.number, view.detail(entry), entry.dueOn],
          [entry.amount > 0 ? entry.amount : nil, entry.amount < 0 ? -entry.amount : nil, balance]))
    }
    place = entries.last?.place
    if entries.count < limit {
      rows.append(row(statement.period.until?.text ?? "", "Closing balance", ["", "", ""], [nil, nil, balance]))
      (index, place) = (index + 1, nil)
    }
    return rows
  }
}
