import Admin
import Base
import Money
import Store

/// Goods that come back to the stock with a credit note: at most what was shipped of its lines and isn't back yet. Money and goods go
/// separate ways, so each line is asked about.
enum CreditedGoods {
  struct Part {
    /// The line of the credit note.
    let line: String
    let name: String
    let product: RecordID
    /// The line of the order, as the stock ledger has it.
    let orderLine: String
    let quantity: Int64
    /// The pieces of that line that are away and known by their numbers; each is asked about.
    let serials: [String]
    /// How many of the others are away.
    let unnamed: Int64

    /// What can be chosen, and how much each is of.
    var choices: [(value: String, serial: String?, quantity: Int64)] {
      serials.map { (line + "/" + $0, $0, Quantity.one.thousandths) } + (unnamed > 0 ? [(line, nil, unnamed)] : [])
    }
  }

  /// What can come back with a credit note.
  static func parts(of note: Record, in db: Database) throws -> [Part] {
    guard Invoice.isCreditNote(note), let order = RecordID(note["order"].text), let credited = RecordID(note["credits"].text),
      let invoice = try RecordType.invoice.record(credited, in: db)
    else { return [] }
    let sources = Dictionary(DocumentValues(invoice).lines.map { ($0.id, $0.source) }) { first, _ in first }
    let ordered = try RecordType.order.record(order, in: db).map { DocumentValues($0).lines } ?? []
    let pieces = Dictionary(ordered.map { ($0.id, $0) }) { first, _ in first }
    let returned = try SerialStore.returned(from: order, in: db)
    var left: [String: Int64] = [:]
    return try DocumentValues(note).lines.compactMap { line in
      guard let source = sources[line.source], !source.isEmpty, let product = RecordID(line.product), let quantity = line.quantity,
        try StockStore.terms(of: product, in: db)?.isStocked == true
      else { return nil }
      let orderLine = Order.lineID(source, of: order)
      let away = try left[orderLine] ?? Self.away(orderLine, product, in: db)
      let part = min(quantity, away)
      guard part > 0 else { return nil }
      left[orderLine] = away - part
      let serials = (pieces[source]?.serials ?? []).filter { !returned.contains(SerialStore.key($0, of: product.text)) }
      let unnamed = min(part, away - Int64(serials.count) * Quantity.one.thousandths)
      return Part(
        line: line.id, name: line.name, product: product, orderLine: orderLine, quantity: part, serials: serials, unnamed: unnamed)
    }
  }

  /// What an order line has shipped of a product and isn't back.
  private static func away(_ line: String, _ product: RecordID, in db: Database) throws -> Int64 {
    let shipped = try StockStore.line(line, in: db)[product]?.shipped ?? 0
    return shipped - (try StockStore.returned(of: line, product, in: db))
  }

  /// Takes those back that were chosen. `name` is that of the credit note.
  static func takeBack(_ chosen: Set<String>, of note: Record, named name: String, _ act: ActContext) throws {
    guard let order = RecordID(note["order"].text) else { return }
    let parts = try parts(of: note, in: act.db)
    let offered = Set(parts.flatMap(\.choices).map(\.value))
    guard chosen.isSubset(of: offered) else {
      throw Refused(
        outcome: .invalid(ValidationErrors("", Message("Something you chose can no longer be returned. Reload the page and choose again.")))
      )
    }
    for part in parts {
      let back = part.choices.filter { chosen.contains($0.value) }
      let quantity = back.reduce(Int64(0)) { $0 + $1.quantity }
      if quantity == 0 { continue }
      guard quantity <= part.quantity else {
        let problem = Message(
          "{product}: at most {n} can be returned to stock with this credit note.", ["product": part.name],
          decimals: ["n": Stock.text(part.quantity)])
        throw Refused(outcome: .invalid(ValidationErrors("", problem)))
      }
      try Reservation.takeBack(quantity, of: part.product, line: part.orderLine, source: note.id.text + "/" + part.line, reason: name, act)
      for serial in back.compactMap(\.serial) {
        try SerialStore.takeBack(SerialStore.key(serial, of: part.product.text), from: order, in: act.db)
      }
    }
  }

  /// What came back with a credit note: "2 × Clock".
  static func returned(with note: Record, _ formats: Formats, in db: Database) throws -> [String] {
    try DocumentValues(note).lines.compactMap { line in
      try StockStore.caused(.returned, by: note.id.text + "/" + line.id, in: db).map {
        "\(Stock.display($0.onHand, formats)) × \(line.name)"
      }
    }
  }

  /// Whether all that a shipment took is still away: what a credit note brought back can't come back by undoing the shipment, too.
  static func isAway(_ shipment: Shipment, of order: Record, in db: Database) throws -> Bool {
    let products = Dictionary(DocumentValues(order).lines.map { ($0.id, $0.product) }) { first, _ in first }
    let sums = shipment.lines.reduce(into: [String: Int64]()) { $0[$1.line, default: 0] += $1.quantity }
    return try sums.allSatisfy { line, quantity in
      guard let product = products[line].flatMap({ RecordID($0) }) else { return true }
      let id = Order.lineID(line, of: order.id)
      return try StockStore.returned(of: id, product, in: db) == 0 || away(id, product, in: db) >= quantity
    }
  }
}
