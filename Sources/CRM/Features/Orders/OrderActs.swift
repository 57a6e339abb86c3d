import Admin
import Base
import Money
import Store
import Web

/// What happens to an order besides editing it.
enum OrderActs {
  private static let type = RecordType.order

  /// Fixes what is ordered, and reserves it.
  static func confirm(_ order: Record, _ act: ActContext) throws -> Outcome {
    var document = DocumentValues(order)
    try Order.keepRecipient(&document, act)
    guard document.lines.contains(where: \.kind.isPriced) else {
      return .invalid(ValidationErrors("", Message("Add a line before you confirm the order.")))
    }
    var errors = document.customerErrors
    if errors.isEmpty { errors = try Order.reserve(document, of: order.id, act) }
    guard errors.isEmpty else { return .invalid(errors) }
    try OrderCosts.keep(document, of: order.id, act)
    return try type.set(
      ["status": .text("confirmed"), "confirmed_at": .text(act.now.text), "recipient": document.recipient(in: act.db)],
      of: order,
      as: "confirmed", act)
  }

  /// Frees what it had reserved. What has been shipped was shipped: that has to come back first.
  static func cancel(_ order: Record, _ reason: String, _ act: ActContext) throws -> Outcome {
    if try ShipmentStore.shipped(of: order.id, in: act.db).values.contains(where: { $0 > 0 }) {
      return .invalid(
        ValidationErrors("", Message("Part of this order has been shipped. Undo the shipments first, or complete the order.")))
    }
    if try InvoiceSources.invoiced(order.id, in: act.db).values.contains(where: { $0 > 0 }) {
      return .invalid(ValidationErrors("", Message("It has been invoiced. Delete draft invoices and credit the issued ones first.")))
    }
    let outcome = try type.set(["status": .text("cancelled"), "cancel_reason": FieldValue(reason)], of: order, as: "cancelled", act)
    guard outcome.hasChanged else { return outcome }
    try Order.release(order.id, act)
    try SerialStore.release(order.id, in: act.db)
    return outcome
  }

  static func complete(_ order: Record, _ act: ActContext) throws -> Outcome {
    let outcome = try type.set(["status": .text("completed")], of: order, as: "completed", act)
    guard outcome.hasChanged else { return outcome }
    // What will not be shipped any more waits for nobody.
    try Order.release(order.id, act)
    return outcome
  }

  static func reopen(_ order: Record, _ act: ActContext) throws -> Outcome {
    let errors = try Order.reserve(DocumentValues(order), of: order.id, act)
    guard errors.isEmpty else { return .invalid(errors) }
    return try type.set(["status": .text("confirmed")], of: order, as: "reopened", act)
  }
}

/// The steps of an order, and what its page says of them.
enum OrderActions {
  static let steps = DocumentSteps(
    type: { .order }, resource: .orders, path: "/admin/crm/orders",
    steps: [
      DocumentStep(id: "confirm", label: "Confirm", icon: "check2-circle", isPrimary: true, from: ["draft"], to: "confirmed") {
        order, _, act in
        .init(
          outcome: try OrderActs.confirm(order, act), href: order.header.href, message: Message("{name} confirmed.", ["name": order.name]))
      },
      InvoiceActions.fromOrder,
      DocumentStep(id: "complete", label: "Complete", icon: "check-all", from: ["confirmed"], to: "completed") { order, _, act in
        .init(
          outcome: try OrderActs.complete(order, act), href: order.header.href, message: Message("{name} completed.", ["name": order.name]))
      },
      DocumentStep(id: "reopen", label: "Reopen", icon: "arrow-counterclockwise", from: ["completed"], to: "confirmed") { order, _, act in
        .init(
          outcome: try OrderActs.reopen(order, act), href: order.header.href, message: Message("{name} reopened.", ["name": order.name]))
      },
      DocumentStep(id: "cancel", label: "Cancel order", icon: "x-circle", from: ["draft", "confirmed"], to: "cancelled", asks: "Reason") {
        order, reason, act in
        .init(
          outcome: try OrderActs.cancel(order, reason.text, act), href: order.header.href,
          message: Message("{name} cancelled.", ["name": order.name]))
      },
      DocumentStep(
        id: "copy", label: "Copy", icon: "files", from: ["draft", "confirmed", "completed", "cancelled"]
      ) { order, _, act in
        let outcome = try Order.copy(order, act)
        var href = order.header.href
        if case .done(let id, _) = outcome { href = RecordType.order.path(of: id.text) }
        return .init(outcome: outcome, href: href, message: Message("Copied from {name}.", ["name": order.name]))
      },
    ])

  static let panel = steps.panel { order, context, db in
    if !order["on_hold"].isEmpty, order.status == "confirmed" {
      return (Message("On hold. Nothing ships until the order is released."), true)
    }
    switch order.status {
    case "draft": return (Message("A draft. Nothing is reserved yet."), false)
    case "cancelled":
      let reason = order["cancel_reason"].text
      return reason.isEmpty ? nil : (Message("Cancelled: {reason}", ["reason": reason]), false)
    default: return nil
    }
  }

  static let board = DocumentBoard(steps: steps, statuses: [.draft, .confirmed, .completed, .cancelled])

  static let labels = [
    ActionLabel(action: "order.confirmed", label: "Confirmed", icon: "check2-circle"),
    ActionLabel(action: "order.completed", label: "Completed", icon: "check-all"),
    ActionLabel(action: "order.reopened", label: "Reopened", icon: "arrow-counterclockwise"),
    ActionLabel(action: "order.cancelled", label: "Cancelled", icon: "x-circle"),
  ]
}
