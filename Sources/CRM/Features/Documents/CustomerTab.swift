import Admin
import Base
import Money
import Store
import Templating
import Web

/// The quotes, orders and invoices of a contact or a company, and what they come to, as long as there are not too many to be added up.
struct CustomerTab: Sendable {
  /// `contact` or `company`: the field of documents that names the customer.
  let customer: String

  private static let lineSchema = ViewSchema(
    "customer-document",
    [
      ("number", .text), ("href", .text), ("title", .text), ("date", .text), ("total", .text), ("status", .text), ("state", .text),
      ("isLate", .bool),
    ])
  private static let groupSchema = ViewSchema(
    "customer-documents",
    [
      ("id", .text), ("title", .text), ("allHref", .text), ("newHref", .optional(.text)), ("newLabel", .text), ("sums", .list(.text)),
      ("lines", .list(.record(lineSchema))), ("hasMore", .bool),
    ])
  static let shape = ViewSchema(
    "customer-tab", [("record", .record(RecordFrame.shape)), ("statementHref", .optional(.text)), ("groups", .list(.record(groupSchema)))])

  private static let atOnce = 50
  private static let types: [RecordType] = [.quote, .order, .invoice]

  var tab: RecordTab {
    RecordTab(
      id: "orders", label: "Orders", of: customer,
      rows: { header, context in
        // Those that have orders may see them; others see what they may.
        let type = RecordType.order
        return
          "SELECT 1 FROM orders WHERE \(raw: customer)_id = \(header.id) AND status <> 'trashed'\(try context.scope(of: type.resource).condition(on: type.table))"
      }
    ) { context, type, header in try page(context, type, header) }
  }

  private func page(_ context: RequestContext, _ type: RecordType, _ header: RecordHeader) throws -> Response {
    try context.store.read { db in
      let groups = try Self.types.filter { context.may(.readOwn, on: $0.resource) }.map { try group($0, header, context, db) }
      return try context.page(
        "documents/customer",
        ViewData(
          Self.shape,
          [
            .record(RecordFrame.record(header, type, tab: "orders", for: context)),
            context.may(.read, on: .invoices) ? .text(type.path(of: header.id.text) + "/" + StatementPage.name) : .null,
            .list(groups.map { .record($0) }),
          ]))
    }
  }

  private func group(_ type: RecordType, _ header: RecordHeader, _ context: RequestContext, _ db: Database) throws -> ViewData {
    let formats = context.formats
    let scope = try context.scope(of: type.resource)
    let isPaid = type !== RecordType.quote
    let all: SQL = "SELECT 1 FROM \(raw: type.table) WHERE \(raw: customer)_id = \(header.id)"
    let isSummed = try db.value("SELECT count(*) FROM (\(all) LIMIT \(ListPage.mostSummed + 1))") ?? 0 <= ListPage.mostSummed
    let of: SQL = "\(raw: customer)_id = \(header.id) AND status <> 'trashed'\(scope.condition(on: type.table))"
    let today = context.filterMoment.businessDay.text
    let payment: SQL = isPaid ? "payment_status, due_on" : "'', valid_until"
    var lines = try db.all(
      """
      SELECT id, name, title, date, total, total_currency, status, \(payment) FROM \(raw: type.table)
      WHERE \(of) ORDER BY number_sort DESC, seq DESC LIMIT \(Self.atOnce + 1)
      """
    ) { row -> ViewData in
      let (status, paid, day) = (row.text(6), row.text(7), row.text(8))
      let isOpen = isPaid ? (paid == "pending" || paid == "partial") && status != "draft" && status != "cancelled" : status == "sent"
      let state = isPaid && status != "draft" ? context.language.text(Payment.statuses.first { $0.0 == paid }?.1 ?? "") : ""
      return ViewData(
        Self.lineSchema,
        [
          .text(row.text(1)), .text(type.path(of: row.text(0))), .text(row.text(2)),
          .text(row.text(3).isEmpty ? "" : formats.date(row.text(3))),
          .text(row.isNull(4) ? "" : formats.money(Amount(Int64(row.int(4)), row.text(5)))), .text(status), .text(state),
          .bool(isOpen && !day.isEmpty && day < today),
        ])
    }
    let hasMore = lines.count > Self.atOnce
    if hasMore { lines.removeLast() }
    let filter = "\(customer) is \(header.id.text)"
    let new = context.may(.write, on: type.resource) && !header.isTrashed
    return ViewData(
      Self.groupSchema,
      [
        .text(type.list.name), .text(type.listLabel), .text(URLQuery.append([("filter", filter)], to: type.path)),
        new ? .text(URLQuery.append([(customer, header.id.text)], to: type.path + "/new")) : .null, .text(type.words.new),
        .list(isSummed ? try sums(type, of, context, db).map { .text($0) } : []), .list(lines.map { .record($0) }), .bool(hasMore),
      ])
  }

  /// "Total 1,234.00 EUR", and for what is paid how much of it is open; one line for each currency.
  private func sums(_ type: RecordType, _ of: SQL, _ context: RequestContext, _ db: Database) throws -> [String] {
    let isPaid = type !== RecordType.quote
    let counted: SQL = isPaid ? "status NOT IN ('draft', 'cancelled')" : "status = 'sent'"
    let sign: SQL = type === RecordType.invoice ? "iif(kind = 'credit_note', -1, 1)" : "1"
    let open: SQL =
      type === RecordType.invoice
      ? "iif(kind = 'credit_note', 0, max(0, total - coalesce(paid, 0) - coalesce(credited, 0)))"
      : isPaid ? "max(0, total - coalesce(paid, 0))" : "0"
    return try db.all(
      """
      SELECT total_currency, sum(\(sign) * total), sum(\(open)) FROM \(raw: type.table)
      WHERE \(of) AND \(counted) AND total_currency <> '' GROUP BY total_currency ORDER BY 2 DESC
      """
    ) { row in
      let total = context.formats.money(Amount(Int64(row.int(1)), row.text(0)))
      if !isPaid { return context.text(Message("Waiting for an answer: {amount}", ["amount": total])) }
      let open = row.int(2)
      return open == 0
        ? context.text(Message("Total: {amount}", ["amount": total]))
        : context.text(
          Message("Total: {amount}, open: {open}", ["amount": total, "open": context.formats.money(Amount(Int64(open), row.text(0)))]))
    }
  }
}
