import Admin
import Base
import Store
import Web

/// What the Shipments tab of an order posts.
enum ShipmentHandlers {
  private static let type = RecordType.order
  private static let path = "/admin/crm/orders/{id}/shipments"
  private static let mostParcels = 100

  static let routes: [Route] = [
    .post(path, .write(.orders), draft: draft, add),
    .post(path + "/{shipment}/ship", .write(.orders)) { try move($0, to: .shipped) },
    .post(path + "/{shipment}/deliver", .write(.orders)) { try move($0, to: .delivered) },
    .post(path + "/{shipment}/undo", .write(.orders)) { try move($0, to: .cancelled) },
  ]

  @Sendable private static func draft(_ context: RequestContext) throws -> Response {
    try ShipmentTab.page(context, try context.header(of: type), try context.form())
  }

  @Sendable private static func add(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: type)
    let form = try context.form()
    let (shipment, problems) = read(form, context)
    guard problems.isEmpty else { return try ShipmentTab.page(context, header, form, problems) }
    let scope = try context.scope(of: .orders)
    let outcome = try unlessShort {
      try context.act { act in
        guard let order = try RecordStore.find(header.id, of: type, scope, in: act.db) else { throw HTTPError.notFound }
        return try ShipmentActs.add(shipment, to: order, act)
      }
    }
    if case .invalid(let errors) = outcome { return try ShipmentTab.page(context, header, form, errors) }
    let done = shipment.status == .packed ? Message("Packed.") : Message("Shipped.")
    return context.redirect(to: header.href + "/shipments", outcome, done, orElse: Message("Nothing to change."))
  }

  private static func read(_ form: FormFields, _ context: RequestContext) -> (Shipment, ValidationErrors) {
    let quantities = form.fields.map(\.name).filter { $0.hasPrefix("quantity_") }
    var reader = FormReader(
      form, single: Set(quantities + ["method", "carrier", "tracking", "destination", "pack"]), formats: context.formats)
    var shipment = Shipment()
    shipment.status = form["pack"] == nil ? .shipped : .packed
    shipment.method = reader.line("method")
    shipment.carrier = reader.line("carrier")
    shipment.destination = reader.text("destination", atMost: 2_000)
    let parcels = reader.text("tracking", atMost: 10_000).split(whereSeparator: { $0.isNewline || $0 == "," })
      .map { TextNormalizing.line(String($0)) }.filter { !$0.isEmpty }
    if parcels.count > mostParcels { reader.problem("tracking", Message("At most {n} lines.", numbers: ["n": mostParcels])) }
    shipment.tracking = parcels.joined(separator: "\n")
    if shipment.status == .shipped { shipment.shippedOn = context.filterMoment.businessDay.text }
    for input in quantities {
      do throws(InvalidValue) {
        let quantity = try Stock.kind.parse(typed: reader.line(input, atMost: 40), context.formats)
        shipment.lines.append(
          Shipment.Line(id: "", line: String(input.dropFirst("quantity_".count)), quantity: Int64(quantity.number ?? 0)))
      } catch {
        reader.problem(input, error.message)
      }
    }
    return (shipment, reader.problems)
  }

  private static func move(_ context: RequestContext, to status: Shipment.Status) throws -> Response {
    let header = try context.header(of: type)
    let (id, scope) = (try context.id("shipment"), try context.scope(of: .orders))
    let outcome = try unlessShort {
      try context.act { act -> Outcome in
        guard let order = try RecordStore.find(header.id, of: type, scope, in: act.db),
          let shipment = try ShipmentStore.find(id, of: order.id, in: act.db)
        else { throw HTTPError.notFound }
        return try ShipmentActs.move(shipment, to: status, of: order, act)
      }
    }
    let done =
      switch status {
      case .packed, .shipped: Message("Shipped.")
      case .delivered: Message("Marked as delivered.")
      case .cancelled: Message("Shipment undone.")
      }
    return context.redirect(to: header.href + "/shipments", outcome, done, orElse: Message("Nothing to change."))
  }

  /// A shortage undoes all that was written on the way to it.
  private static func unlessShort(_ body: () throws -> Outcome) throws -> Outcome {
    do {
      return try Refused.caught(body)
    } catch let shortage as Reservation.Shortage {
      return .invalid(
        ValidationErrors(
          "",
          Message(
            "{product}: only {available} on hand.",
            ["product": shortage.name, "available": Stock.text(max(0, shortage.available))])))
    }
  }
}
