import Admin
import Base
import Store
import Templating
import Web

/// The shipments of an order: what is still to go, a form to send it, and what was sent.
enum ShipmentTab {
  private static let openSchema = ViewSchema(
    "shipment-open",
    [
      ("input", .text), ("name", .text), ("ordered", .text), ("taken", .text), ("open", .text), ("value", .text),
      ("error", .optional(.text)),
    ])
  private static let formSchema = ViewSchema(
    "shipment-form",
    [
      ("action", .text), ("lines", .list(.record(openSchema))), ("method", .text), ("carrier", .text), ("carriers", .list(.text)),
      ("tracking", .text), ("destination", .text), ("error", .optional(.text)),
    ])
  private static let partSchema = ViewSchema("shipment-part", [("name", .text), ("quantity", .text)])
  private static let parcelSchema = ViewSchema("shipment-parcel", [("number", .text), ("href", .optional(.text))])
  private static let moveSchema = ViewSchema("shipment-move", [("href", .text), ("label", .text), ("isPrimary", .bool)])
  private static let shipmentSchema = ViewSchema(
    "shipment",
    [
      ("id", .text), ("title", .text), ("status", .text), ("isUndone", .bool), ("parts", .list(.record(partSchema))), ("carrier", .text),
      ("method", .text), ("parcels", .list(.record(parcelSchema))), ("destination", .list(.text)), ("shippedOn", .text),
      ("deliveredOn", .text), ("by", .text), ("noteHref", .text), ("moves", .list(.record(moveSchema))),
    ])
  static let shape = ViewSchema(
    "shipments",
    [
      ("record", .record(RecordFrame.shape)), ("form", .optional(.record(formSchema))), ("shipments", .list(.record(shipmentSchema))),
      ("note", .text),
    ])

  static let tab = RecordTab(
    id: "shipments", label: "Shipments", of: "order", rows: { header, _ in "SELECT 1 FROM shipments WHERE order_id = \(header.id)" }
  ) { context, _, header in try page(context, header) }

  /// With what was typed, if it could not be saved.
  static func page(
    _ context: RequestContext, _ header: RecordHeader, _ typed: FormFields = FormFields(), _ errors: ValidationErrors = ValidationErrors()
  ) throws -> Response {
    let (order, shipments, taken) = try context.store.read { db in
      guard let order = try RecordType.order.record(header.id, in: db) else { throw HTTPError.notFound }
      return (order, try ShipmentStore.all(of: header.id, in: db), try ShipmentStore.taken(of: header.id, in: db))
    }
    let mayWrite = context.may(.write, on: .orders) && !header.isTrashed
    let lines = DocumentValues(order).lines.filter(\.kind.isPriced)
    let names = Dictionary(lines.map { ($0.id, $0.name) }) { first, _ in first }
    let isOpen = lines.contains { ($0.quantity ?? 0) > (taken[$0.id] ?? 0) }
    let isReady = order.status == "confirmed" && order["on_hold"].isEmpty
    let note: Message? =
      switch order.status {
      case "draft": Message("Confirm the order before you ship it.")
      case "confirmed" where !order["on_hold"].isEmpty: Message("On hold. Nothing ships until the order is released.")
      case "confirmed" where !isOpen: Message("Everything has been shipped.")
      default: nil
      }
    return try context.page(
      "shipments/shipments",
      ViewData(
        shape,
        [
          .record(RecordFrame.record(header, .order, tab: "shipments", for: context)),
          mayWrite && isReady && isOpen || !errors.isEmpty ? .record(form(order, lines, taken, typed, errors, context)) : .null,
          .list(shipments.reversed().map { .record(view($0, names, header, isReady: mayWrite && isReady, mayWrite: mayWrite, context)) }),
          .text(note.map { context.text($0) } ?? ""),
        ]), status: errors.isEmpty ? 200 : 422)
  }

  private static func form(
    _ order: Record, _ lines: [DocumentLine], _ taken: [String: Int64], _ typed: FormFields, _ errors: ValidationErrors,
    _ context: RequestContext
  ) -> ViewData {
    let formats = context.formats
    func error(_ input: String) -> Value { errors[input].map { .text(context.text($0)) } ?? .null }
    let open = lines.compactMap { line -> Value? in
      let (ordered, gone) = (line.quantity ?? 0, taken[line.id] ?? 0)
      guard ordered > gone else { return nil }
      let input = "quantity_" + line.id
      return .record(
        ViewData(
          openSchema,
          [
            .text(input), .text(line.name), .text(Stock.display(ordered, formats)), .text(gone == 0 ? "" : Stock.display(gone, formats)),
            .text(Stock.display(ordered - gone, formats)), .text(typed[input] ?? Stock.kind.typed(.integer(Int(ordered - gone)), formats)),
            error(input),
          ]))
    }
    return ViewData(
      formSchema,
      [
        .text(order.header.href + "/shipments"), .list(open), .text(typed["method"] ?? order["shipping_method"].text),
        .text(typed["carrier"] ?? order["carrier"].text), .list(Carrier.all(context.settings).map { .text($0.name) }),
        .text(typed["tracking"] ?? ""), .text(typed["destination"] ?? order["destination"].text), error(""),
      ])
  }

  private static func view(
    _ shipment: Shipment, _ names: [String: String], _ order: RecordHeader, isReady: Bool, mayWrite: Bool, _ context: RequestContext
  ) -> ViewData {
    let formats = context.formats
    let carrier = Carrier.named(shipment.carrier, context.settings)
    let href = "\(order.href)/shipments/\(shipment.id)/"
    var moves: [(id: String, label: String, isPrimary: Bool)] = []
    if isReady, shipment.status == .packed { moves.append(("ship", "Mark as shipped", true)) }
    if mayWrite, shipment.status == .shipped { moves.append(("deliver", "Mark as delivered", true)) }
    if isReady, shipment.status != .cancelled { moves.append(("undo", "Undo", false)) }
    return ViewData(
      shipmentSchema,
      [
        .text(shipment.id), .text(context.text(Message("Shipment {n}", numbers: ["n": shipment.position]))),
        .text(context.language.text(shipment.status.label)), .bool(shipment.status == .cancelled),
        .list(
          shipment.lines.map { line in
            .record(ViewData(partSchema, [.text(names[line.line] ?? ""), .text(Stock.display(line.quantity, formats))]))
          }),
        .text(shipment.carrier), .text(shipment.method),
        .list(
          shipment.trackingNumbers.map { number in
            .record(ViewData(parcelSchema, [.text(number), carrier?.href(number).map { .text($0) } ?? .null]))
          }),
        .list(shipment.destination.split(separator: "\n").map { .text(String($0)) }),
        .text(shipment.shippedOn.isEmpty ? "" : formats.date(shipment.shippedOn)),
        .text(shipment.deliveredOn.isEmpty ? "" : formats.date(shipment.deliveredOn)), .text(shipment.by),
        .text(href + "delivery-note.pdf"),
        .list(moves.map { .record(ViewData(moveSchema, [.text(href + $0.id), .text($0.label), .bool($0.isPrimary)])) }),
      ])
  }
}
