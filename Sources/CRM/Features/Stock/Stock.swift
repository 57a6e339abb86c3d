import Admin
import Base
import Money
import Store

/// How much there is of a product: always the sum of its movements, which a trigger keeps. In thousandths, like every quantity.
struct Stock: Sendable, Equatable {
  var onHand: Int64 = 0
  /// Of that, what confirmed orders wait for.
  var reserved: Int64 = 0
  var available: Int64 { onHand - reserved }

  /// A billion pieces: far from where sums of movements would overflow.
  static let most: Int64 = 1_000_000_000_000
  /// A quantity that may be negative, without zeros that say nothing.
  static let kind = DecimalField(places: Quantity.places, fewest: 0, in: -Int(most)...Int(most))

  static func text(_ quantity: Int64) -> String { kind.text(.integer(Int(quantity))) }

  static func display(_ quantity: Int64, _ formats: Formats) -> String { kind.display(text(quantity), formats) }

  // MARK: Lists

  private static func column(_ name: String, _ label: String, _ amount: String) -> ListColumn {
    let place = "iif(products.is_stocked, coalesce((SELECT \(amount) FROM product_stock WHERE product_id = products.id), 0), NULL)"
    return ListColumn(Column(name, label, .value(kind), reads: [place]), NumberComparison(kind), FieldPlace(column: place, empty: .null))
  }

  static let columns = [
    column("on_hand", "On hand", "on_hand"), column("reserved", "Reserved", "reserved"),
    column("available", "Available stock", "on_hand - reserved"),
    ListColumn(
      Column("is_low", "Low on stock", .value(FlagField()), reads: [isLow]), FlagComparison(), FieldPlace(column: isLow, empty: .never)),
  ]

  private static let isLow = """
    (products.is_stocked AND products.reorder_at IS NOT NULL AND products.reorder_at >=
      coalesce((SELECT on_hand - reserved FROM product_stock WHERE product_id = products.id), 0))
    """
}

/// A line of the ledger: what changed how much is there, or how much of it is reserved.
struct StockMovement: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    /// Goods came in, went out for a reason, or were counted.
    case received, removed, counted
    /// One of those, taken back.
    case undone
    /// What orders do. A reservation may grow and shrink; a shipment takes from its reservation, and coming back is not being returned.
    case reserved, shipped, unshipped, returned

    var label: Message {
      switch self {
      case .received: Message("Received")
      case .removed: Message("Removed")
      case .counted: Message("Counted")
      case .undone: Message("Undone")
      case .reserved: Message("Reserved")
      case .shipped: Message("Shipped")
      case .unshipped: Message("Shipment undone")
      case .returned: Message("Returned")
      }
    }

    /// Those that people enter, and may take back.
    var isManual: Bool { self == .received || self == .removed || self == .counted }
  }

  var id = ""
  var product: RecordID?
  /// Its number among those of the product, from 1.
  var position = 0
  let kind: Kind
  var onHand: Int64 = 0
  var reserved: Int64 = 0
  var reason = ""
  /// The order line that it is about.
  var line: String?
  /// What caused it. There is one movement of a kind for each source.
  var source: String?
  var at = ""
  var by = ""
  /// After it.
  var balance = Stock()
  var isUndone = false
}
