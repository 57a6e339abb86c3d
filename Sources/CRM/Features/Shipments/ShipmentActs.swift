import Admin
import Base
import Money
import Store
import Web

/// What is done with shipments. Each act brings the order's delivery status along.
enum ShipmentActs {
  private static let type = RecordType.order

  /// Ships, or packs, parts of an order. `shipment.lines` name lines of the order and how much of them goes.
  static func add(_ shipment: Shipment, to order: Record, _ act: ActContext) throws -> Outcome {
    if order.isTrashed { return .inTrash(order.header, typed: true) }
    var errors = ValidationErrors()
    guard order.status == "confirmed" else {
      return .invalid(ValidationErrors("", Message("Only a confirmed order can be shipped.")))
    }
    if !order["on_hold"].isEmpty { return .invalid(ValidationErrors("", Message("This order is on hold."))) }
    let lines = DocumentValues(order).lines
    let taken = try ShipmentStore.taken(of: order.id, in: act.db)
    let parts = shipment.lines.filter { $0.quantity != 0 }
    if parts.isEmpty { errors.add("", Message("Enter how much is shipped.")) }
    for part in parts {
      guard let line = lines.first(where: { $0.id == part.line }), line.kind.isPriced else { throw HTTPError.notFound }
      let open = (line.quantity ?? 0) - (taken[line.id] ?? 0)
      if part.quantity < 0 || part.quantity > open {
        errors.add("quantity_\(line.id)", Message("Enter a quantity from 0 to {most}.", decimals: ["most": Stock.text(max(0, open))]))
      }
    }
    guard errors.isEmpty else { return .invalid(errors) }
    var wanted = shipment
    wanted.lines = parts
    let made = try ShipmentStore.insert(wanted, of: order.id, act)
    if made.status.hasLeft { try take(made, of: order, act) }
    return try follow(order, as: made.status == .packed ? "packed" : "shipped", act)
  }

  /// Moves a shipment to its next state. A state that it has already changes nothing.
  static func move(_ shipment: Shipment, to status: Shipment.Status, of order: Record, _ act: ActContext) throws -> Outcome {
    if shipment.status == status { return .unchanged(order.id) }
    let isAllowed =
      switch (shipment.status, status) {
      case (.packed, .shipped), (.packed, .cancelled), (.shipped, .delivered), (.shipped, .cancelled), (.delivered, .cancelled): true
      default: false
      }
    guard isAllowed else {
      return .invalid(ValidationErrors("", Message("This isn’t possible any more.")))
    }
    if order.status != "confirmed", status != .delivered {
      return .invalid(ValidationErrors("", Message("The order is closed. Reopen it first.")))
    }
    if status == .shipped, !order["on_hold"].isEmpty {
      return .invalid(ValidationErrors("", Message("This order is on hold.")))
    }
    if status == .cancelled, shipment.status.hasLeft, try !CreditedGoods.isAway(shipment, of: order, in: act.db) {
      return .invalid(
        ValidationErrors("", Message("This shipment can’t be undone: some of its goods were returned to stock with a credit note.")))
    }
    guard try ShipmentStore.move(shipment, to: status, on: act.businessDay(), in: act.db) else { return .unchanged(order.id) }
    if status == .shipped { try take(shipment, of: order, act) }
    if status == .cancelled, shipment.status.hasLeft {
      let ordered = Dictionary(DocumentValues(order).lines.map { ($0.id, $0.quantity ?? 0) }) { first, _ in first }
      for line in shipment.lines { try Reservation.unship(source: line.id, ordered: ordered[line.line] ?? 0, act) }
    }
    return try follow(order, as: status == .cancelled ? "shipment_undone" : status.rawValue, act)
  }

  /// Takes what left from the stock. Throws a shortage, so that nothing is done.
  private static func take(_ shipment: Shipment, of order: Record, _ act: ActContext) throws {
    let lines = Dictionary(DocumentValues(order).lines.map { ($0.id, $0) }) { first, _ in first }
    for part in shipment.lines {
      guard let line = lines[part.line], let product = RecordID(line.product),
        try StockStore.terms(of: product, in: act.db)?.isStocked == true
      else { continue }
      try Reservation.ship(
        part.quantity, of: Reservation.Line(id: Order.lineID(line.id, of: order.id), product: product, ordered: line.quantity ?? 0),
        source: part.id, act)
    }
  }

  /// Writes what the shipments of an order come to.
  private static func follow(_ order: Record, as action: String, _ act: ActContext) throws -> Outcome {
    let status = fulfilment(of: DocumentValues(order).lines, by: try ShipmentStore.all(of: order.id, in: act.db))
    let outcome = try type.set(["fulfilment": .text(status)], of: order, as: action, act)
    // What is written already would stay.
    if !outcome.errors.isEmpty { throw Refused(outcome: outcome) }
    // The status may be the same after a second part: it happened all the same.
    return outcome.hasChanged ? outcome : try act.done("order." + action, order.id, on: order.header)
  }

  /// How much of these lines has left.
  static func fulfilment(of lines: [DocumentLine], by shipments: [Shipment]) -> String {
    let (shipments, lines) = (shipments.filter(\.status.hasLeft), lines.filter(\.kind.isPriced))
    func sums(_ shipments: [Shipment]) -> [String: Int64] {
      shipments.flatMap(\.lines).reduce(into: [:]) { $0[$1.line, default: 0] += $1.quantity }
    }
    func covers(_ sums: [String: Int64]) -> Bool { lines.allSatisfy { sums[$0.id] ?? 0 >= $0.quantity ?? 0 } }
    if shipments.isEmpty { return "none" }
    if covers(sums(shipments.filter { $0.status == .delivered })) { return "delivered" }
    return covers(sums(shipments)) ? "shipped" : "partial"
  }
}
