import Admin
import Base
import Money
import Store

/// What people do with the stock of a product.
enum StockActs {
  /// What was entered: so much came in, went out, or is there.
  struct Entry: Sendable {
    var kind = StockMovement.Kind.received
    var quantity: Int64 = 0
    var reason = ""
  }

  static let longestReason = 500
  /// A billion pieces.
  static let most: Int64 = 1_000_000_000_000

  static func enter(_ entry: Entry, on product: RecordHeader, _ act: ActContext) throws -> Outcome {
    if product.isTrashed { return .inTrash(product, typed: true) }
    var errors = ValidationErrors()
    if let problem = TextRules.problem(with: entry.reason, atMost: longestReason) { errors.add("reason", problem) }
    if entry.quantity < 0 || entry.kind != .counted && entry.quantity == 0 { errors.add("quantity", Message("Enter a quantity above 0.")) }
    if entry.quantity > most { errors.add("quantity", Message("This quantity is too large.")) }
    if entry.kind == .removed, entry.reason.isEmpty { errors.add("reason", Message("Enter a reason, like “damaged”.")) }
    let stock = try StockStore.stock(of: product.id, in: act.db)
    let change: Int64 =
      switch entry.kind {
      case .removed: -entry.quantity
      case .counted: entry.quantity - stock.onHand
      default: entry.quantity
      }
    if abs(stock.onHand + change) > most { errors.add("quantity", Message("This quantity is too large.")) }
    guard errors.isEmpty else { return .invalid(errors) }
    let id = try StockStore.add(StockMovement(kind: entry.kind, onHand: change, reason: entry.reason), to: product.id, act)
    return try done(entry.kind, id, stock, change, entry.reason, on: product, act)
  }

  /// A count, of a stock that was this much when it was counted.
  static func count(_ counted: Int64, seen: Int64, _ reason: String, on product: RecordHeader, _ act: ActContext) throws -> Outcome {
    if product.isTrashed { return .inTrash(product, typed: true) }
    let stock = try StockStore.stock(of: product.id, in: act.db)
    let id = try StockStore.add(StockMovement(kind: .counted, onHand: counted - seen, reason: reason), to: product.id, act)
    return try done(.counted, id, stock, counted - seen, reason, on: product, act)
  }

  /// Takes a movement back that somebody entered. Once: the second time there is nothing to do.
  static func undo(_ movement: StockMovement, on product: RecordHeader, _ act: ActContext) throws -> Outcome {
    guard let id = RecordID(movement.id) else { throw HTTPError.notFound }
    if product.isTrashed { return .inTrash(product) }
    guard movement.kind.isManual else { throw HTTPError.badRequest(Message("Only what was entered by hand can be undone here.")) }
    if try StockStore.caused(.undone, by: movement.id, in: act.db) != nil { return .unchanged(id) }
    let stock = try StockStore.stock(of: product.id, in: act.db)
    let new = try StockStore.add(
      StockMovement(kind: .undone, onHand: -movement.onHand, reason: movement.reason, source: movement.id), to: product.id, act)
    return try done(.undone, new, stock, -movement.onHand, movement.reason, on: product, act)
  }

  private static func done(
    _ kind: StockMovement.Kind, _ id: RecordID, _ stock: Stock, _ change: Int64, _ reason: String, on product: RecordHeader,
    _ act: ActContext
  ) throws -> Outcome {
    func text(_ quantity: Int64) -> String { Stock.kind.text(.integer(Int(quantity))) }
    var changes = [Change(field: "on_hand", before: text(stock.onHand), after: text(stock.onHand + change))]
    if !reason.isEmpty { changes.append(Change(field: "reason", before: "", after: reason)) }
    return try act.done(
      "stock." + kind.rawValue, id, on: product, changes,
      undo: kind.isManual ? "\(product.href)/stock/\(id.text)/undo" : nil)
  }
}
