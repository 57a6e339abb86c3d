import Admin
import Base
import Money
import Store
import Templating
import Web

/// What changed from one revision of a quote to a later one. Only for the office: the customer's page has none of it.
enum QuoteChanges {
  static let template = "quotes/changes"
  /// The last part of its address.
  private static let name = "changes"

  static let routes: [Route] = [.get("/admin/crm/quotes/{id}/" + name, .see(.quotes), effort: .read, show)]

  // MARK: Revisions

  private struct Revision {
    let id: RecordID
    let number: String
  }

  private static let most = 100

  /// The quotes that one replaces, the newest first, as far as somebody may see them.
  private static func earlier(than quote: RecordID, _ scope: Scope, in db: Database) throws -> [Revision] {
    try db.all(
      """
      WITH RECURSIVE former (id, revises_id, depth) AS (
        SELECT id, revises_id, 0 FROM quotes WHERE id = \(quote)
        UNION ALL
        SELECT quotes.id, quotes.revises_id, depth + 1 FROM former JOIN quotes ON quotes.id = former.revises_id WHERE depth < \(most)
      )
      SELECT quotes.id, quotes.name FROM former JOIN quotes ON quotes.id = former.id
      WHERE depth > 0\(scope.condition(on: "quotes")) ORDER BY depth
      """
    ) { Revision(id: $0.recordID(0), number: $0.text(1)) }
  }

  /// On the page of a quote that replaces another.
  static let panel = RecordPanel(
    place: .lead, template: "quotes/revision", schema: ViewSchema("quote-revision", [("former", .text), ("href", .text)])
  ) { schema, quote, context, db in
    guard !quote["revises"].isEmpty, let former = try earlier(than: quote.id, context.scope(of: .quotes), in: db).first else { return nil }
    return ViewData(schema, [.text(former.number), .text(quote.header.href + "/" + name)])
  }

  // MARK: Page

  private static let choiceSchema = ViewSchema("quote-changes-choice", [("id", .text), ("number", .text), ("isChosen", .bool)])
  private static let changeSchema = ViewSchema("quote-change", [("label", .text), ("before", .text), ("after", .text)])
  private static let lineSchema = ViewSchema(
    "quote-changes-line",
    [("state", .text), ("name", .text), ("what", .text), ("total", .text), ("changes", .list(.record(changeSchema)))])
  private static let sumSchema = ViewSchema(
    "quote-changes-sum", [("label", .text), ("before", .text), ("after", .text), ("difference", .text), ("isTotal", .bool)])
  static let shape = ViewSchema(
    "quote-changes",
    [
      ("record", .record(RecordFrame.shape)), ("action", .text), ("choices", .list(.record(choiceSchema))), ("former", .text),
      ("formerHref", .text), ("fields", .list(.record(changeSchema))), ("lines", .list(.record(lineSchema))), ("isReordered", .bool),
      ("sums", .list(.record(sumSchema))),
    ])

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: .quote)
    let (scope, reach) = (try context.scope(of: .quotes), try context.reach)
    return try context.store.read { db in
      guard let after = try RecordStore.find(header.id, of: .quote, scope, in: db) else { throw HTTPError.notFound }
      let revisions = try earlier(than: header.id, scope, in: db)
      let wanted = context.query["with"] ?? ""
      guard let chosen = wanted.isEmpty ? revisions.first : revisions.first(where: { $0.id.text == wanted }) else {
        if !wanted.isEmpty { throw HTTPError.notFound }
        return try page(header, context, revisions, nil, [], DocumentComparison([], []), [], [])
      }
      guard let before = try RecordStore.find(chosen.id, of: .quote, scope, in: db) else { throw HTTPError.notFound }
      let fields = try changes(from: before, to: after, context.formats, within: reach, in: db)
      let comparison = DocumentComparison(DocumentValues(before).lines, DocumentValues(after).lines)
      let (old, new) = (Side(before, context.formats), Side(after, context.formats))
      let lines = comparison.pairs.compactMap { line($0, old, new) }
      return try page(header, context, revisions, chosen, fields, comparison, lines, sums(before, after, context.formats))
    }
  }

  private static func page(
    _ header: RecordHeader, _ context: RequestContext, _ revisions: [Revision], _ chosen: Revision?, _ fields: [Value],
    _ comparison: DocumentComparison, _ lines: [Value], _ sums: [Value]
  ) throws -> Response {
    try context.page(
      template,
      ViewData(
        shape,
        [
          .record(RecordFrame.record(header, .quote, tab: name, for: context)), .text(header.href + "/" + name),
          .list(
            revisions.map { .record(ViewData(choiceSchema, [.text($0.id.text), .text($0.number), .bool($0.id == chosen?.id)])) }),
          .text(chosen?.number ?? ""), .text(chosen.map { RecordType.quote.path(of: $0.id.text) } ?? ""), .list(fields), .list(lines),
          .bool(comparison.isReordered), .list(sums),
        ]))
  }

  // MARK: What changed

  private static func change(_ label: String, _ before: String, _ after: String) -> Value {
    .record(ViewData(changeSchema, [.text(label), .text(before), .text(after)]))
  }

  /// What people can fill in besides the lines.
  private static func changes(from before: Record, to after: Record, _ formats: Formats, within reach: RecordReach, in db: Database) throws
    -> [Value]
  {
    try zip(after.type.fields, zip(before.values, after.values)).compactMap { field, values -> Value? in
      guard !field.isReadOnly, field.name != "lines", values.0 != values.1 else { return nil }
      func text(_ value: FieldValue) throws -> String {
        field.kind.display(field.kind.history(try field.kind.visible(value, within: reach, in: db)), formats)
      }
      let (old, new) = (try text(values.0), try text(values.1))
      // Two customers that the reader may not see look the same.
      if old == new { return nil }
      return change(formats.language.text(field.label), old, new)
    }
  }

  /// A quote as one of the two sides.
  private struct Side {
    let lines: [DocumentLine]
    let view: DocumentView
    let totals: DocumentTotals?

    init(_ quote: Record, _ formats: Formats) {
      let document = DocumentValues(quote)
      (lines, view, totals) = (document.lines, DocumentView(document, formats), try? document.totals())
    }

    func total(_ index: Int) -> String { (totals?.lines[index]).flatMap { $0 }.map { view.money($0.total) } ?? "" }

    func quantity(_ line: DocumentLine) -> String {
      line.quantity.map { Product.quantity.display(Product.quantity.text(.integer(Int($0))), view.formats) } ?? ""
    }

    /// What a line says, part by part, as people read it.
    func parts(_ index: Int) -> [(label: String, text: String)] {
      let line = lines[index]
      let texts: [(label: String, text: String)] = [("Text", line.name), ("Description", line.description)]
      guard line.kind.isPriced else { return texts }
      let vat = line.vat.map { [$0.name, view.percent($0.rate)].filter { !$0.isEmpty }.joined(separator: " · ") }
      return texts + [
        ("Quantity", quantity(line)), ("Unit", unitName(line)), ("Price", view.unitPrice(line)),
        ("Discount", line.discount.map { view.discount($0) } ?? ""), ("VAT", vat ?? ""), ("Total", total(index)),
      ]
    }

    /// The same for any quantity.
    private func unitName(_ line: DocumentLine) -> String {
      Product.units.first { $0.0 == line.unit }.map { view.formats.language.text($0.1) } ?? line.unit
    }

    /// "2 pieces × 100.00 − 10 %".
    func what(_ index: Int) -> String {
      let line = lines[index]
      guard line.kind.isPriced else { return line.description }
      let quantity = [quantity(line), view.unit(line)].filter { !$0.isEmpty }.joined(separator: " ")
      let amount = [quantity, view.unitPrice(line)].filter { !$0.isEmpty }.joined(separator: " × ")
      return [amount, line.discount.map { "− " + view.discount($0) } ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  private static func line(_ pair: DocumentComparison.Pair, _ before: Side, _ after: Side) -> Value? {
    func value(_ state: String, _ side: Side, _ index: Int, _ changes: [Value] = []) -> Value {
      let line = side.lines[index]
      return .record(
        ViewData(
          lineSchema,
          [
            .text(state), .text(line.name), .text(state == "changed" ? "" : side.what(index)), .text(side.total(index)), .list(changes),
          ]))
    }
    switch (pair.before, pair.after) {
    case (nil, let new?): return value("added", after, new)
    case (let old?, nil): return value("removed", before, old)
    case (let old?, let new?):
      let changes = details(before, old, after, new)
      if changes.isEmpty { return nil }
      return value("changed", after, new, changes)
    case (nil, nil): return nil
    }
  }

  private static func details(_ before: Side, _ old: Int, _ after: Side, _ new: Int) -> [Value] {
    let language = after.view.formats.language
    return zip(before.parts(old), after.parts(new)).filter { $0.text != $1.text }.map { old, new in
      change(language.text(old.label), old.text, new.text)
    }
  }

  private static func sums(_ before: Record, _ after: Record, _ formats: Formats) -> [Value] {
    let (old, new) = (DocumentValues(before), DocumentValues(after))
    return ["subtotal", "net", "vat", "total"].map { name in
      let label = after.type.fields.first { $0.name == name }?.label ?? name
      let difference = new.minor(name) - old.minor(name)
      let amount = formats.money(Amount(abs(difference), new.currency))
      return .record(
        ViewData(
          sumSchema,
          [
            .text(formats.language.text(label)), .text(formats.money(Amount(old.minor(name), old.currency))),
            .text(formats.money(Amount(new.minor(name), new.currency))),
            .text(difference == 0 || old.currency != new.currency ? "" : (difference > 0 ? "+" : "−") + amount), .bool(name == "total"),
          ]))
    }
  }
}
