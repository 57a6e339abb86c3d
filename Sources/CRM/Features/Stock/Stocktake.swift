import Admin
import Base
import Store
import Templating
import Web

/// Counting the stock of many products on one page: what is left empty wasn't counted.
enum Stocktake {
  static let path = "/admin/crm/products/stocktake"
  static let routes: [Route] = [
    .get(path, .write(.products), show), .post(path, .write(.products), draft: { try page($0, typed: try $0.form()) }, save),
  ]

  private static let lineShape = ViewSchema(
    "stocktake-line",
    [
      ("id", .text), ("name", .text), ("href", .text), ("sku", .text), ("category", .text), ("onHand", .text), ("seen", .text),
      ("counted", .text), ("error", .optional(.text)),
    ])
  static let shape = ViewSchema(
    "stocktake",
    [
      ("lines", .list(.record(lineShape))), ("reason", .text), ("error", .optional(.text)), ("older", .optional(.text)),
      ("newest", .optional(.text)),
    ])
  private static let pageSize = 100

  private struct Line {
    let id: RecordID
    let name: String
    let sku: String
    let category: String
    let onHand: Int64
    let cursor: ListCursor
  }

  /// Tracked products in use, by name.
  private static func lines(after: ListCursor?, _ scope: Scope, limit: Int, in db: Database) throws -> [Line] {
    let past: SQL = if let after { " AND (name_sort, seq) > (\(after.value), \(after.seq))" } else { "" }
    return try db.all(
      """
      SELECT id, name, sku, category,
        coalesce((SELECT on_hand FROM product_stock WHERE product_id = products.id), 0), name_sort, seq
      FROM products WHERE status = 'active' AND is_stocked = 1\(scope.condition(on: "products"))\(past)
      ORDER BY name_sort, seq LIMIT \(limit)
      """
    ) { row in
      Line(
        id: row.recordID(0), name: row.text(1), sku: row.text(2), category: row.text(3), onHand: Int64(row.int(4)),
        cursor: ListCursor(value: row.text(5), seq: row.int(6)))
    }
  }

  @Sendable private static func show(_ context: RequestContext) throws -> Response { try page(context) }

  private static func page(_ context: RequestContext, typed: FormFields = FormFields(), _ errors: ValidationErrors = ValidationErrors())
    throws
    -> Response
  {
    let after = context.query["after"].flatMap { ListCursor($0) }
    let scope = try context.scope(of: .products)
    let found = try context.store.read { db in try lines(after: after, scope, limit: pageSize + 1, in: db) }
    let rows = FormReader.rows(of: typed, inputs) ?? []
    // What was typed, and against which stock, stays with its product.
    let known = Dictionary(rows.enumerated().map { ($1[0], (index: $0, row: $1)) }) { first, _ in first }
    func error(_ input: String) -> Value { errors[input].map { .text(context.text($0)) } ?? .null }
    let shown = found.prefix(pageSize).map { line -> Value in
      let entered = known[line.id.text]
      return .record(
        ViewData(
          lineShape,
          [
            .text(line.id.text), .text(line.name), .text(RecordType.product.path(of: line.id.text) + "/stock"), .text(line.sku),
            .text(line.category), .text(Stock.display(line.onHand, context.formats)),
            .text(entered?.row[1] ?? Stock.text(line.onHand)),
            .text(entered?.row[2] ?? ""), entered.map { error("counted-\($0.index)") } ?? .null,
          ]))
    }
    return try context.page(
      "stock/stocktake",
      ViewData(
        shape,
        [
          .list(Array(shown)), .text(typed["reason"] ?? ""), errors.first.map { .text(context.text($0)) } ?? .null,
          found.count > pageSize
            ? found.dropLast().last.map { .text(URLQuery.append([("after", $0.cursor.text)], to: path)) } ?? .null : .null,
          after == nil ? .null : .text(path),
        ]), status: errors.isEmpty ? 200 : 422)
  }

  private static let inputs = ["product", "seen", "counted"]

  /// A count says how far off the stock was that the page showed: what came or went since then stays as it is.
  @Sendable private static func save(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    var reader = FormReader(form, single: ["reason"], repeated: Set(inputs), formats: context.formats)
    let reason = reader.line("reason", atMost: StockActs.longestReason)
    var counts: [(index: Int, product: RecordID, seen: Int64, counted: Int64)] = []
    for (index, row) in reader.rows(inputs).enumerated() where !row[2].isEmpty {
      do throws(InvalidValue) {
        guard let id = RecordID(row[0]), let seen = try Stock.kind.parse(row[1]).number, !counts.contains(where: { $0.product == id })
        else {
          throw InvalidValue(.notOffered)
        }
        let counted = try Stock.kind.parse(typed: row[2], context.formats).number ?? 0
        counts.append((index, id, Int64(seen), Int64(counted)))
      } catch {
        reader.problem("counted-\(index)", error.message)
      }
    }
    if counts.isEmpty, reader.problems.isEmpty { reader.problem("", Message("Enter what you counted.")) }
    guard reader.problems.isEmpty else { return try page(context, typed: form, reader.problems) }
    let scope = try context.scope(of: .products)
    // All of it or nothing.
    let outcome = try context.act { act -> Outcome in
      var errors = ValidationErrors()
      var found: [RecordHeader] = []
      for count in counts {
        guard let header = try RecordType.product.header(count.product, scope, act.db) else {
          let problem = Message("This product no longer exists.")
          errors.add("counted-\(count.index)", problem)
          continue
        }
        found.append(header)
        if let problem = try StockActs.problem(counting: count.counted, seen: count.seen, on: header, act) {
          errors.add("counted-\(count.index)", problem)
        }
      }
      guard errors.isEmpty else { return .invalid(errors) }
      var last: Outcome = .unchanged(counts[0].product)
      for (count, header) in zip(counts, found) {
        last = try StockActs.count(count.counted, seen: count.seen, reason, on: header, act)
      }
      if case .done(let id, _) = last { return .done(id, undo: nil) }
      return last
    }
    if case .invalid(let errors) = outcome { return try page(context, typed: form, errors) }
    return context.redirect(
      to: context.query["after"].map { URLQuery.append([("after", $0)], to: path) } ?? path, outcome,
      Message("Count of {n} product saved.", "Count of {n} products saved.", count: counts.count),
      orElse: Message("Nothing to change."))
  }
}
