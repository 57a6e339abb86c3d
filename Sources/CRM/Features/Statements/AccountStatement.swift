import Admin
import Base
import Store

/// What a customer was billed and has paid in a period: one account for each currency, since amounts of two currencies have no sum.
struct AccountStatement: Sendable {
  /// The field of documents that names the customer.
  enum Customer: String, Sendable { case contact, company }

  /// From the first day to the last, both included; open where there is none.
  struct Period: Sendable, Equatable {
    var from: Day?
    var until: Day?

    /// From the first day of its year until a day.
    static func year(until day: Day) -> Period { Period(from: Day(day.text.prefix(4) + "-01-01"), until: day) }

    static func year(before day: Day) -> Period {
      let last = year(until: day).from?.adding(days: -1) ?? day
      return Period(from: year(until: last).from, until: last)
    }

    /// As texts that sort like days.
    var first: String { from?.text ?? "" }
    var last: String { until?.text ?? "9999-12-31" }
  }

  enum Kind: String, Sendable {
    case invoice, payment, refund
    case creditNote = "credit_note"

    var label: String {
      switch self {
      case .invoice: "Invoice"
      case .creditNote: "Credit note"
      case .payment: "Payment"
      case .refund: "Refund"
      }
    }
  }

  /// An invoice, a credit note, a payment or a refund.
  struct Entry: Sendable, Equatable {
    let kind: Kind
    /// A day.
    let date: String
    let currency: String
    /// In minor units: what the customer owes more, negative for what they owe less.
    let amount: Int64
    /// The document's number; of a payment that of what was paid. Empty where the reader may not know it.
    let number: String
    /// The document's address, or that of its payments.
    let path: String
    /// What the document is about, or the reference of a payment.
    let text: String
    let method: String
    let dueOn: String
    /// Its place among all of one currency.
    let place: Place
  }

  struct Place: Sendable, Equatable {
    let date: String
    let rank: Int
    let key: String
    let id: String
  }

  /// What isn't paid, by how long it has been due.
  struct Ageing: Sendable, Equatable {
    static let labels = ["Not yet due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days"]
    static let bounds = [0, 30, 60, 90]

    var open = [Int64](repeating: 0, count: 5)
    /// What belongs to no open invoice: advances and overpayments, negative.
    var rest: Int64 = 0

    var overdue: Int64 { open.dropFirst().reduce(0, +) }
  }

  struct Account: Sendable, Equatable {
    let currency: String
    let opening: Int64
    let closing: Int64
    let debit: Int64
    let credit: Int64
    let count: Int
    var ageing = Ageing()
    /// The last of the period, in order of day.
    var entries: [Entry] = []

    /// How many of the period are before those.
    var hidden: Int { count - entries.count }
    /// What the balance was before the first of them.
    var brought: Int64 { closing - entries.reduce(0) { $0 + $1.amount } }
  }

  /// The most lines of a page, and of a document.
  static let most = 1_000

  let period: Period
  let accounts: [Account]
}
