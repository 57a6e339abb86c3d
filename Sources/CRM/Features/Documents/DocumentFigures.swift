import Admin
import Base
import Money
import Store

/// The figures of a document that follow from its lines and from what happened to it, so that a check can tell whether they do.
enum DocumentFigures {
  static func derived(of type: RecordType) -> DerivedData { .fields(of: type, wrong: wrong) }

  @Sendable private static func wrong(_ record: Record, in db: Database) throws -> [String: FieldValue] {
    var document = DocumentValues(record)
    var right: [String: FieldValue] = [:]
    func put(_ figures: [String: FieldValue]) {
      right.merge(figures) { $1 }
      for (name, value) in figures { document[name] = value }
    }
    // What was issued stays as it is, whatever it would come to today: its explanation shows both. What can't be worked out, in a currency that isn't
    // known any more, stays too.
    let isIssued = record.type === RecordType.invoice && record.status != "draft"
    if !isIssued, let totals = try? document.totals() { put(document.figures(totals)) }
    if record.type === RecordType.invoice, !Invoice.isCreditNote(record) {
      put(["credited": document.amount(try InvoiceActs.credited(of: record.id, in: db))])
    }
    if record.type !== RecordType.quote { put(try PaymentActs.figures(of: document, record, in: db)) }
    if record.type === RecordType.order { put(try Order.fulfilment(of: document, record.id, in: db)) }
    return right.filter { !isSame($1, record[$0]) }
  }

  /// No amount is an amount of 0.
  private static func isSame(_ a: FieldValue, _ b: FieldValue) -> Bool {
    switch (a, b) {
    case (.amount(0, _), .empty), (.empty, .amount(0, _)): true
    default: a == b
    }
  }
}
