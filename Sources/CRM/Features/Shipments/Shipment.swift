import Base
import Store

/// Goods of an order on their way: all of them, or a part.
struct Shipment: Sendable, Equatable {
  enum Status: String, Sendable, CaseIterable {
    /// Ready to go. Nothing has left the stock.
    case packed
    case shipped, delivered
    /// It didn't happen: the goods are back.
    case cancelled

    var label: String {
      switch self {
      case .packed: "Packed"
      case .shipped: "Shipped"
      case .delivered: "Delivered"
      case .cancelled: "Undone"
      }
    }

    /// Whether its goods have left.
    var hasLeft: Bool { self == .shipped || self == .delivered }
  }

  struct Line: Sendable, Equatable {
    let id: String
    /// The line of the order.
    let line: String
    /// In thousandths.
    let quantity: Int64
  }

  var id = ""
  /// Its number among those of the order, from 1.
  var position = 0
  var status = Status.shipped
  var method = ""
  var carrier = ""
  /// One tracking number a line.
  var tracking = ""
  var destination = ""
  /// Days.
  var shippedOn = ""
  var deliveredOn = ""
  var by = ""
  var lines: [Line] = []

  var trackingNumbers: [String] { tracking.split(separator: "\n").map(String.init) }
}
