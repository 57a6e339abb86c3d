import Admin
import Base
import Store

/// What orders do with stock: a confirmed order's lines reserve what isn't shipped yet, shipments take it away. Nothing here is kept but in the ledger, and
/// everything may be asked for twice.
enum Reservation {
  /// A line of an order: how much of a product is wanted, and how much of that is shipped follows from the ledger.
  struct Line: Sendable {
    let id: String
    let product: RecordID
    let ordered: Int64
  }

  /// A product of which too little is there.
  struct Shortage: Error, Equatable {
    let product: RecordID
    let name: String
    let needed: Int64
    let available: Int64
  }

  /// Makes the reservation of each line what is ordered and not shipped; less, where less is ordered now. A line that was about another product frees
  /// that. Lines of one product need what they need together. Throws, and so reserves nothing, where there is too little, unless it may go `beyondStock`.
  static func reserve(_ lines: [Line], beyondStock: Bool = false, _ act: ActContext) throws {
    var growth: [RecordID: Int64] = [:]
    var changes: [(line: String, product: RecordID, change: Int64)] = []
    for line in lines {
      let known = try StockStore.line(line.id, in: act.db)
      for (product, kept) in known.sorted(by: { $0.key < $1.key }) where product != line.product && kept.reserved != 0 {
        changes.append((line.id, product, -kept.reserved))
        growth[product, default: 0] -= kept.reserved
      }
      let own = known[line.product] ?? (0, 0)
      let change = max(0, line.ordered - own.shipped) - own.reserved
      guard change != 0 else { continue }
      changes.append((line.id, line.product, change))
      growth[line.product, default: 0] += change
    }
    for (product, growth) in growth.sorted(by: { $0.key < $1.key }) where growth > 0 && !beyondStock {
      let available = try StockStore.stock(of: product, in: act.db).available
      try check(growth, of: product, against: available, act)
    }
    for (line, product, change) in changes {
      try StockStore.add(StockMovement(kind: .reserved, reserved: change, line: line), to: product, act)
    }
  }

  private static func check(_ needed: Int64, of product: RecordID, against there: Int64, _ act: ActContext) throws {
    guard needed > there, let terms = try StockStore.terms(of: product, in: act.db), terms.isStocked, !terms.allowsBackorder else { return }
    throw Shortage(product: product, name: terms.name, needed: needed, available: there)
  }

  /// Frees what a line has reserved: its order was cancelled, or the line is gone.
  static func release(_ line: String, _ act: ActContext) throws {
    for (product, kept) in try StockStore.line(line, in: act.db).sorted(by: { $0.key < $1.key }) where kept.reserved != 0 {
      try StockStore.add(StockMovement(kind: .reserved, reserved: -kept.reserved, line: line), to: product, act)
    }
  }

  /// Takes a shipped quantity from the stock and from what its line has reserved. `source` is the line of the shipment.
  static func ship(_ quantity: Int64, of line: Line, source: String, _ act: ActContext) throws {
    if try StockStore.caused(.shipped, by: source, in: act.db) != nil { return }
    try check(quantity, of: line.product, against: StockStore.stock(of: line.product, in: act.db).onHand, act)
    let reserved = try StockStore.line(line.id, in: act.db)[line.product]?.reserved ?? 0
    try StockStore.add(
      StockMovement(kind: .shipped, onHand: -quantity, reserved: -min(quantity, max(0, reserved)), line: line.id, source: source),
      to: line.product, act)
  }

  /// The shipment didn't happen: the goods are back, and reserved as far as the order still wants them. Shipping again is another shipment.
  static func unship(source: String, ordered: Int64, _ act: ActContext) throws {
    guard let shipped = try StockStore.caused(.shipped, by: source, in: act.db), let product = shipped.product, let line = shipped.line,
      try StockStore.caused(.unshipped, by: source, in: act.db) == nil
    else { return }
    try StockStore.add(StockMovement(kind: .unshipped, onHand: -shipped.onHand, line: line, source: source), to: product, act)
    try reserve([Line(id: line, product: product, ordered: ordered)], act)
  }

  /// Goods that a customer gave back and that can be sold again. `source` is the line of the credit note; `line` that of the order which shipped them.
  static func takeBack(_ quantity: Int64, of product: RecordID, line: String? = nil, source: String, reason: String = "", _ act: ActContext)
    throws
  {
    if try StockStore.caused(.returned, by: source, in: act.db) != nil { return }
    try StockStore.add(StockMovement(kind: .returned, onHand: quantity, reason: reason, line: line, source: source), to: product, act)
  }
}
