import Admin
import Base
import Money
import Store

/// How much of an order is invoiced, and of an invoice credited. Drafts count, so that nothing is invoiced twice.
enum InvoiceSources {
  /// The documents made of a part of another, the oldest first; all but one that is given and those in the trash.
  private static func parts(of column: String, _ source: RecordID, kind: String, besides id: RecordID?, in db: Database) throws
    -> [DocumentValues]
  {
    let ids = try db.all(
      """
      SELECT id FROM invoices
      WHERE \(raw: column) = \(source) AND kind = \(kind) AND status <> 'trashed' AND id <> \(id?.text ?? "") ORDER BY seq
      """
    ) { $0.recordID(0) }
    return try ids.compactMap { try RecordType.invoice.record($0, in: db).map { DocumentValues($0) } }
  }

  private static func quantities(_ documents: [DocumentValues]) -> [String: Int64] {
    documents.flatMap(\.lines).reduce(into: [:]) { sums, line in
      if !line.source.isEmpty { sums[line.source, default: 0] += line.quantity ?? 0 }
    }
  }

  /// What was invoiced of each line of an order, less what was credited again.
  static func invoiced(_ order: RecordID, besides id: RecordID? = nil, in db: Database) throws -> [String: Int64] {
    var sums: [String: Int64] = [:]
    for invoice in try parts(of: "order_id", order, kind: "invoice", besides: id, in: db) {
      for line in invoice.lines where !line.source.isEmpty { sums[line.source, default: 0] += line.quantity ?? 0 }
    }
    // A credit note names the lines of its invoice; it frees those of the order too.
    for note in try parts(of: "order_id", order, kind: "credit_note", besides: id, in: db) where note["status"].text != "draft" {
      guard let invoice = RecordID(note["credits"].text), let credited = try RecordType.invoice.record(invoice, in: db) else { continue }
      let sources = Dictionary(DocumentValues(credited).lines.map { ($0.id, $0.source) }) { first, _ in first }
      for line in note.lines { if let source = sources[line.source], !source.isEmpty { sums[source, default: 0] -= line.quantity ?? 0 } }
    }
    return sums
  }

  static func credited(_ invoice: RecordID, besides id: RecordID? = nil, in db: Database) throws -> [String: Int64] {
    quantities(try parts(of: "credits_id", invoice, kind: "credit_note", besides: id, in: db))
  }

  /// What it is a part of: the order of an invoice, the invoice of a credit note.
  private static func source(of document: DocumentValues, in db: Database) throws -> Record? {
    if let credited = RecordID(document["credits"].text) { return try RecordType.invoice.record(credited, in: db) }
    return try RecordID(document["order"].text).flatMap { try RecordType.order.record($0, in: db) }
  }

  static func keepRecipient(_ document: inout DocumentValues, _ act: ActContext) throws {
    if let source = try source(of: document, in: act.db) { document.keepRecipient(of: source) }
  }

  // MARK: Discounts

  /// Gives a part its part of fixed discounts, on lines and on everything: what all parts have adds up to the discount, whatever each was rounded by.
  static func share(_ document: inout DocumentValues, of id: RecordID?, _ act: ActContext) throws {
    guard let source = try source(of: document, in: act.db) else { return }
    document.keepRecipient(of: source)
    let whole = DocumentValues(source)
    let isCredit = !document["credits"].isEmpty
    let earlier = try parts(
      of: isCredit ? "credits_id" : "order_id", source.id, kind: isCredit ? "credit_note" : "invoice", besides: id, in: act.db)
    shareOfLines(&document, of: whole, after: earlier)
    shareDiscount(&document, of: whole, after: earlier)
    if isCredit { CreditRounding(of: whole, after: earlier)?.settle(&document) }
  }

  private static func shareDiscount(_ document: inout DocumentValues, of whole: DocumentValues, after earlier: [DocumentValues]) {
    guard case .fixed(let amount) = whole.discount, let total = try? whole.units(amount) else { return }
    func sum(_ document: DocumentValues) -> Int64 {
      var bare = document
      (bare["discount"], bare["shipping"]) = (.empty, .empty)
      bare.lines = bare.lines.map(\.withoutRounding)
      return (try? bare.totals().lineTotal) ?? 0
    }
    let before = earlier.reduce(Int64(0)) { $0 + sum($1) }
    guard let part = try? CumulativeShare.part(of: total, from: before, to: before + sum(document), whole: sum(whole)) else { return }
    document["discount"] = part == 0 ? .empty : .text(document.decimal(part))
  }

  private static func shareOfLines(_ document: inout DocumentValues, of whole: DocumentValues, after earlier: [DocumentValues]) {
    let sources = Dictionary(whole.lines.map { ($0.id, $0) }) { first, _ in first }
    var taken = quantities(earlier)
    document.lines = document.lines.map { line in
      guard let source = sources[line.source], case .fixed(let amount) = source.discount, let total = try? whole.units(amount),
        let ordered = source.quantity, let quantity = line.quantity, quantity > 0
      else { return line }
      var line = line
      let before = taken[line.source] ?? 0
      taken[line.source] = before + quantity
      if let part = try? CumulativeShare.part(of: total, from: before, to: before + quantity, whole: ordered) {
        line.discount = part == 0 ? nil : .fixed(document.decimal(part))
      }
      return line
    }
  }

  // MARK: Limits

  /// A part isn't more than what is left.
  static func errors(_ document: DocumentValues, of id: RecordID?, _ act: ActContext) throws -> ValidationErrors {
    var errors = ValidationErrors()
    guard let source = try source(of: document, in: act.db) else { return errors }
    let isCredit = !document["credits"].isEmpty
    if document.currency != source["currency"].text {
      errors.add(
        "currency",
        Message("{name} is in {currency}, so this document must be too.", ["name": source.name, "currency": source["currency"].text]))
    }
    let taken = try isCredit ? credited(source.id, besides: id, in: act.db) : invoiced(source.id, besides: id, in: act.db)
    let ordered = Dictionary(DocumentValues(source).lines.map { ($0.id, $0.quantity ?? 0) }) { first, _ in first }
    var own: [String: Int64] = [:]
    for (place, line) in document.lines.enumerated() where !line.source.isEmpty {
      own[line.source, default: 0] += line.quantity ?? 0
      let left = (ordered[line.source] ?? 0) - (taken[line.source] ?? 0)
      if own[line.source] ?? 0 > left {
        errors.add(
          "line-\(place)",
          isCredit
            ? Message("At most {n} can be credited.", decimals: ["n": Stock.text(max(0, left))])
            : Message("At most {n} can be invoiced.", decimals: ["n": Stock.text(max(0, left))]))
      }
    }
    if isCredit {
      for name in ["contact", "company"] where document[name].text != source[name].text {
        errors.add(name, Message("A credit note must have the same customer as its invoice."))
      }
      errors.add(try creditErrors(document, of: id, source, in: act.db))
    }
    return errors
  }

  /// All credit notes of an invoice come to no more than it.
  private static func creditErrors(_ note: DocumentValues, of id: RecordID?, _ invoice: Record, in db: Database) throws -> ValidationErrors
  {
    var errors = ValidationErrors()
    if note.lines.contains(where: { $0.kind.isPriced && $0.source.isEmpty }) {
      errors.add("lines", Message("A credit note only has lines of its invoice."))
    }
    let others = try parts(of: "credits_id", invoice.id, kind: "credit_note", besides: id, in: db)
    let whole = DocumentValues(invoice)
    func left(_ name: String) -> Int64 { whole.minor(name) - others.reduce(0) { $0 + $1.minor(name) } }
    if note.minor("shipping") > max(0, left("shipping")) {
      errors.add("shipping", Message("At most {n} can be credited.", money: ["n": note.money(max(0, left("shipping")))]))
    }
    // Notes that round by themselves may be a cent off each.
    if note.minor("total") > max(0, left("total")) + Int64(others.count) {
      errors.add("lines", Message("At most {n} can be credited.", money: ["n": note.money(max(0, left("total")))]))
    }
    return errors
  }
}
