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

  static func enter(_ entry: Entry, on product: RecordHeader, _ act: ActContext) throws -> Outcome {
    if product.isTrashed { return .inTrash(product, typed: true) }
    var errors = ValidationErrors()
    if let problem = TextRules.problem(with: entry.reason, atMost: longestReason) { errors.add("reason", problem) }
    if entry.kind == .counted {
      if entry.quantity < 0 { errors.add("quantity", .notNegative) }
    } else if entry.quantity <= 0 {
      errors.add("quantity", Message("Enter a quantity above 0."))
    }
    if entry.kind == .removed, entry.reason.isEmpty { errors.add("reason", Message("Enter a reason, like “damaged”.")) }
    let stock = try StockStore.stock(of: product.id, in: act.db)
    let change: Int64 =
      switch entry.kind {
      case .removed: -entry.quantity
      case .counted: entry.quantity - stock.onHand
      default: entry.quantity
      }
    if let problem = try problem(with: change, stock, on: product, act) {
      errors.add("quantity", problem)
    } else if entry.kind == .removed, entry.quantity > stock.onHand {
      errors.add(
        "quantity", Message("Only {n} in stock. If that is wrong, enter a count.", decimals: ["n": Stock.text(max(0, stock.onHand))]))
    }
    guard errors.isEmpty else { return .invalid(errors) }
    return try add(StockMovement(kind: entry.kind, onHand: change, reason: entry.reason), to: stock, of: product, act)
  }

  /// What speaks against a count, of a stock that was `seen` when it was counted.
  static func problem(counting counted: Int64, seen: Int64, on product: RecordHeader, _ act: ActContext) throws -> Message? {
    if counted < 0 { return .notNegative }
    if product.isTrashed { return Message(RecordType.product.words.inTrash) }
    return try problem(with: counted - seen, StockStore.stock(of: product.id, in: act.db), on: product, act)
  }

  /// Enters such a count, once nothing speaks against it.
  static func count(_ counted: Int64, seen: Int64, _ reason: String, on product: RecordHeader, _ act: ActContext) throws -> Outcome {
    let stock = try StockStore.stock(of: product.id, in: act.db)
    return try add(StockMovement(kind: .counted, onHand: counted - seen, reason: reason), to: stock, of: product, act)
  }

  /// Takes a movement back that somebody entered. Once: the second time there is nothing to do.
  static func undo(_ movement: StockMovement, on product: RecordHeader, _ act: ActContext) throws -> Outcome {
    guard let id = RecordID(movement.id) else { throw HTTPError.notFound }
    if product.isTrashed { return .inTrash(product) }
    guard movement.kind.isManual else { throw HTTPError.badRequest(Message("Only what was entered by hand can be undone here.")) }
    if movement.isUndone { return .unchanged(id) }
    let stock = try StockStore.stock(of: product.id, in: act.db)
    // What came in and has been shipped since can't be taken back without a reason.
    if movement.onHand > 0, stock.onHand < movement.onHand {
      return .invalid(ValidationErrors("", Message("There is less in stock than this movement added. Enter a count instead.")))
    }
    return try add(
      StockMovement(kind: .undone, onHand: -movement.onHand, reason: movement.reason, source: movement.id), to: stock, of: product, act)
  }

  private static func problem(with change: Int64, _ stock: Stock, on product: RecordHeader, _ act: ActContext) throws -> Message? {
    guard try StockStore.terms(of: product.id, in: act.db)?.isStocked == true else {
      return Message("Stock isn’t tracked for this product.")
    }
    return abs(change) > Stock.most || abs(stock.onHand + change) > Stock.most ? Message("This quantity is too large.") : nil
  }

  private static func add(_ movement: StockMovement, to stock: Stock, of product: RecordHeader, _ act: ActContext) throws -> Outcome {
    let id = try StockStore.add(movement, to: product.id, act)
    var changes = [
      Change(field: "on_hand", before: Stock.text(stock.onHand), after: Stock.text(stock.onHand + movement.onHand))
    ]
    if !movement.reason.isEmpty { changes.append(Change(field: "reason", before: "", after: movement.reason)) }
    return try act.done(
      "stock." + movement.kind.rawValue, id, on: product, changes,
      undo: movement.kind.isManual ? "\(product.href)/stock/\(id.text)/undo" : nil)
  }
}

extension Message {
  static var notNegative: Message { Message("Enter a quantity of 0 or more.") }
}
