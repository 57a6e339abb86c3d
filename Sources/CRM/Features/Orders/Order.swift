import Admin
import Base
import Money
import Store

extension RecordType {
  /// What a customer wants: made, shipped and paid.
  static let order: RecordType = RecordType(
    "order", label: "Order", icon: "bag-check", emblem: .icon, resource: .orders,
    words: Words(new: "New order", create: "Create order", inTrash: "This order is in the trash. Restore it to make changes."),
    sections: [
      Document.customer,
      FormSection(
        id: "order", title: "Order",
        fields: [
          Document.number(),
          Field(
            "status", "Status", StatusField(statuses: [.draft, .confirmed, .completed, .cancelled], whenSet: Order.reserveImported),
            isDetail: false, isReadOnly: true),
          Field("title", "Title", hint: "What the order is about.", isSearched: true),
          Field("date", "Date", DateField(ofBusiness: true), size: .third, index: .sorted("by_date")),
          Field("due_on", "Due on", DateField(ofBusiness: true), hint: "When payment is due.", size: .third, index: .sorted("by_due")),
          Field("on_hold", "On hold", FlagField(), hint: "Nothing ships while this is ticked."),
          Field("quote", "Quote", ReferenceField(to: .quote), isDetail: false, isReadOnly: true),
        ]),
      Document.lines(of: "/admin/crm/orders", hasSerials: true), Document.money,
      FormSection(
        id: "delivery", title: "Delivery",
        fields: [
          Field("shipping_method", "Shipping method", size: .half), Field("carrier", "Carrier", size: .half),
          Field("destination", "Destination", TextField(), hint: "If different from the customer’s address."),
        ]),
      FormSection(
        id: "invoice", title: "Invoice made elsewhere", hint: "If your invoices are made in another program.",
        fields: [
          Field("invoice_number", "Invoice number", hint: "With its series.", size: .half, isSearched: true),
          Field("invoice_mark", "MARK", hint: "The registration number of the tax office (myDATA).", size: .half, isSearched: true),
          Field("invoice_url", "Verification address", WebField()),
          Field("invoice_file", "Invoice file", FilesField()),
        ]),
      Document.totals,
      FormSection(
        id: "progress", title: "Progress",
        fields: [
          Field("recipient", "Recipient", RecipientField(), isReadOnly: true),
          Field("payment_status", "Payment", ChoiceField(choices: Payment.statuses), isReadOnly: true, index: .values("by_payment")),
          Field("paid", "Paid", MoneyField(effect: PaymentActs.imported), isReadOnly: true),
          Field("fulfilment", "Delivery", ChoiceField(choices: Order.fulfilments), isReadOnly: true, index: .values("by_fulfilment")),
          Field("confirmed_at", "Confirmed", MomentField(), isReadOnly: true),
          Field("cancel_reason", "Reason for cancelling", TextField(), isReadOnly: true),
        ]),
    ],
    list: ListDefinition(
      name: "orders", title: "Orders", path: "/admin/crm/orders", icon: "bag-check", resource: .orders, table: "orders",
      searchTable: "order_search",
      defaultColumns: ["number", "title", "contact", "company", "date", "total", "payment_status", "fulfilment", "status"],
      defaultSort: "-number",
      filters: [
        ListFilter(id: "to_ship", label: "To ship", predicate: toShip, attention: "Orders to ship: {count}"),
        ListFilter(id: "unpaid", label: "Not fully paid", predicate: unpaid),
        ListFilter(id: "overdue", label: "Overdue", predicate: overdue, attention: "Overdue orders: {count}"),
      ],
      parts: [
        ListPart(
          index: "to_ship", toShip, condition: "status = 'confirmed' AND fulfilment IN ('none', 'partial') AND on_hold = 0"),
        ListPart(
          index: "unpaid", unpaid, condition: "status IN ('confirmed', 'completed') AND payment_status IN ('pending', 'partial')",
          with: ["due_on"]),
      ],
      acts: [MenuItem(label: "Board", path: "/admin/crm/orders/board", icon: "kanban", resource: .orders)],
      sum: .init(amount: "total", currency: "total_currency"),
      words: ListDefinition.Words(
        newRecord: "New order", searchHint: "Number, title, product or serial number", one: "{n} order", many: "{n} orders",
        emptyTitle: "No orders yet", emptyText: "Accepted quotes become orders. You can also create one here.")),
    line: ["title"], panels: [OrderActions.panel, DocumentPanel.lines, OrderMargin.panel, Order.related],
    suggestionDetails: ["title"],
    derived: [Document.sortColumn],
    home: RecordHome(figures: [.init("Confirmed orders", tab: "confirmed")], offersNew: true),
    rule: Order.rule, lock: Order.lock, derive: Order.derive,
    whenNew: { values, act in try Document.number(&values, of: .order, .order, act) })

  private static let toShip = Predicate.and([
    .where("status", .isAnyOf, "confirmed"), .where("fulfilment", .isAnyOf, "none", "partial"), .where("on_hold", .isAnyOf, "no"),
  ]).normalized
  private static let unpaid = Predicate.and([
    .where("status", .isAnyOf, "confirmed", "completed"), .where("payment_status", .isAnyOf, "pending", "partial"),
  ]).normalized
  private static let overdue = Predicate.and([
    .where("status", .isAnyOf, "confirmed", "completed"), .where("payment_status", .isAnyOf, "pending", "partial"),
    .where("due_on", .before, "today"),
  ]).normalized
}

extension RecordTarget {
  static let order = RecordTarget(table: "orders", path: "/admin/crm/orders", resource: .orders)
}

enum Order {
  static let fulfilments = [("none", "Not shipped"), ("partial", "Partly shipped"), ("shipped", "Shipped"), ("delivered", "Delivered")]

  @Sendable static func derive(_ values: inout [FieldValue], _ stored: Record?, _ act: ActContext) throws -> ValidationErrors {
    var order = DocumentValues(values, of: .order)
    let status = order["status"].text
    // What is done isn't worked out again; only what happens to it changes.
    if let stored, stored.status == "completed" || stored.status == "cancelled" || order.isPricedLike(stored) { return ValidationErrors() }
    try keepRecipient(&order, act)
    var errors = try Document.complete(&order, stored: stored, act)
    if stored == nil {
      if let problem = PaymentActs.problem(withImported: order["paid"], of: order) { errors.add("paid", problem) }
    } else if case .amount(_, let code) = order["paid"], code != order.currency {
      errors.add("currency", Message("This order has payments in {currency}, so its currency can’t be changed.", ["currency": code]))
    }
    if stored == nil, order["due_on"].isEmpty, status == "draft" || status.isEmpty, let day = Day(order["date"].text),
      let days = try act.settings(.paymentDays)[.paymentDays].number
    {
      order["due_on"] = .text(day.adding(days: days).text)
    }
    if let stored {
      let figures = try PaymentActs.figures(of: order, stored, in: act.db).merging(fulfilment(of: order, stored.id, in: act.db)) { $1 }
      for (name, value) in figures { order[name] = value }
    } else {
      order["payment_status"] = .text(
        Payment.status(total: order.minor("total"), paid: order.minor("paid"), isRefunded: order.minor("paid") < 0))
    }
    values = order.values
    return errors
  }

  /// How much of an order has left, by the name of the field. What left before there were shipments here stays so.
  static func fulfilment(of order: DocumentValues, _ id: RecordID, in db: Database) throws -> [String: FieldValue] {
    let shipments = try ShipmentStore.all(of: id, in: db)
    return shipments.isEmpty ? [:] : ["fulfilment": .text(ShipmentActs.fulfilment(of: order.lines, by: shipments))]
  }

  /// What may still change when an order is confirmed.
  private static let free = elsewhere.union([
    "reference", "title", "due_on", "on_hold", "lines", "shipping_method", "carrier", "destination",
  ])

  /// What may be added at any time: the invoice of another program, and its owner.
  private static let elsewhere: Set<String> = ["owner", "invoice_number", "invoice_mark", "invoice_url", "invoice_file"]

  static let related = RelatedDocuments.panel { order in
    [
      .init(label: "Quote", type: .quote, condition: "id = \(order["quote"].text)"),
      .init(label: "Invoice", type: .invoice, condition: "order_id = \(order.id) AND kind = 'invoice'"),
      .init(label: "Credit note", type: .invoice, condition: "order_id = \(order.id) AND kind = 'credit_note'"),
    ]
  }

  @Sendable static func lock(_ status: String) -> RecordLock? {
    switch status {
    case "draft": nil
    case "confirmed":
      RecordLock(
        open: free,
        Message(
          "Customer, currency, discount and shipping costs are locked once an order is confirmed. To change them, cancel the order and copy it."
        ))
    default: RecordLock(open: elsewhere, Message("This order is closed, so it can’t be changed."))
    }
  }

  @Sendable static func rule(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    var errors = ValidationErrors()
    switch change {
    case .create(let values):
      errors.add(try serialErrors(DocumentValues(values, of: .order), of: nil, act))
    case .save(let stored, let values):
      let order = DocumentValues(values, of: .order)
      if stored.status == "confirmed" { errors.add(try shippedErrors(order, stored, act)) }
      if values[index("lines")] != stored.values[index("lines")] { errors.add(try serialErrors(order, of: stored.id, act)) }
      // The last thing, since it writes: what a confirmed order reserves follows its lines.
      if errors.isEmpty, stored.status == "confirmed", order["status"].text == "confirmed",
        values[index("lines")] != stored.values[index("lines")]
      {
        errors.add(try reserve(order, of: stored.id, freeing: DocumentValues(stored), act))
        if errors.isEmpty { try OrderCosts.keep(order, of: stored.id, former: DocumentValues(stored), act) }
      }
    case .trash(let header):
      if try act.db.value("SELECT 1 FROM orders WHERE id = \(header.id) AND quote_id IS NOT NULL") != nil {
        errors.add("", Message("This order came from an accepted quote. Cancel it instead."))
      }
      if header.status != "draft" { errors.add("", Message("Cancel this order instead. Its number stays.")) }
    case .delete(let header):
      try NumberSeries.order.void(header.name, because: "Deleted", act)
      try release(header.id, act)
    case .restore: break
    }
    return errors
  }

  private static func index(_ name: String) -> Int { RecordType.order.index(of: name) ?? 0 }

  // MARK: Stock

  /// The id of a line of an order, as the stock ledger has it.
  static func lineID(_ line: String, of order: RecordID) -> String { order.text + "/" + line }

  static func stockLines(_ order: DocumentValues, of id: RecordID) -> [Reservation.Line] {
    // What has left as a whole waits for nothing, even if it left before there were shipments here.
    let isGone = ["shipped", "delivered"].contains(order["fulfilment"].text)
    return order.lines.compactMap { line in
      guard let product = RecordID(line.product), let quantity = line.quantity else { return nil }
      return Reservation.Line(id: lineID(line.id, of: id), product: product, ordered: isGone ? 0 : quantity)
    }
  }

  private static func trackedLines(_ order: DocumentValues, of id: RecordID, _ act: ActContext) throws -> [Reservation.Line] {
    try stockLines(order, of: id).filter { try StockStore.terms(of: $0.product, in: act.db)?.isStocked == true }
  }

  /// An order that comes confirmed, from a file, reserves as one that is confirmed here; more than there is, too, since it is history. Acts
  /// reserve themselves.
  @Sendable static func reserveImported(_ status: String, _ id: RecordID, _ act: ActContext) throws {
    guard act.batch != nil, status == "confirmed", let order = try RecordType.order.record(id, in: act.db) else { return }
    try Reservation.reserve(trackedLines(DocumentValues(order), of: id, act), beyondStock: true, act)
  }

  /// Frees whatever an order has reserved.
  static func release(_ id: RecordID, _ act: ActContext) throws {
    guard let order = try RecordType.order.record(id, in: act.db) else { return }
    for line in stockLines(DocumentValues(order), of: id) { try Reservation.release(line.id, act) }
  }

  /// Reserves what the lines want and frees what lines that are gone had. Gives what there is too little of.
  static func reserve(_ order: DocumentValues, of id: RecordID, freeing former: DocumentValues? = nil, _ act: ActContext) throws
    -> ValidationErrors
  {
    var lines = try trackedLines(order, of: id, act)
    let kept = Set(lines.map(\.id))
    // What lines that are gone had is free for the others.
    for line in former.map({ stockLines($0, of: id) }) ?? [] where !kept.contains(line.id) {
      lines.append(Reservation.Line(id: line.id, product: line.product, ordered: 0))
    }
    do {
      try Reservation.reserve(lines, act)
    } catch let shortage as Reservation.Shortage {
      let place = order.lines.firstIndex { $0.product == shortage.product.text }
      return ValidationErrors(
        place.map { "line-\($0)" } ?? "lines",
        Message(
          "{product}: {needed} more needed, {available} available.",
          ["product": shortage.name],
          decimals: ["needed": Stock.text(shortage.needed), "available": Stock.text(max(0, shortage.available))]))
    }
    return ValidationErrors()
  }

  /// Lines that were packed, shipped or invoiced stay, with that quantity at least.
  private static func shippedErrors(_ order: DocumentValues, _ stored: Record, _ act: ActContext) throws -> ValidationErrors {
    var errors = ValidationErrors()
    let shipped = try ShipmentStore.taken(of: stored.id, in: act.db)
    let lines = order.lines
    let products = Dictionary(DocumentValues(stored).lines.map { ($0.id, $0.product) }) { first, _ in first }
    for (line, quantity) in shipped.sorted(by: { $0.key < $1.key }) where quantity > 0 {
      guard let place = lines.firstIndex(where: { $0.id == line }) else {
        errors.add("lines", Message("A line that has been shipped can’t be removed."))
        continue
      }
      if products[line] != lines[place].product {
        errors.add("line-\(place)", Message("This line has been shipped, so it can’t be another product."))
      } else if lines[place].quantity ?? 0 < quantity {
        errors.add("line-\(place)", Message("{n} already shipped, so the quantity can’t be less.", decimals: ["n": Stock.text(quantity)]))
      }
    }
    for (line, quantity) in try InvoiceSources.invoiced(stored.id, in: act.db).sorted(by: { $0.key < $1.key }) where quantity > 0 {
      guard let place = lines.firstIndex(where: { $0.id == line }) else {
        errors.add("lines", Message("A line that has been invoiced can’t be removed."))
        continue
      }
      if lines[place].quantity ?? 0 < quantity {
        errors.add("line-\(place)", Message("{n} already invoiced, so the quantity can’t be less.", decimals: ["n": Stock.text(quantity)]))
      }
    }
    return errors
  }

  /// A serial number is one piece: on one order, once.
  private static func serialErrors(_ order: DocumentValues, of id: RecordID?, _ act: ActContext) throws -> ValidationErrors {
    var errors = ValidationErrors()
    var seen: Set<String> = []
    let returned = try id.map { try SerialStore.returned(from: $0, in: act.db) } ?? []
    for (place, line) in order.lines.enumerated() {
      if line.serials.count > (line.quantity ?? 0) / 1_000 {
        errors.add("line-\(place)", Message("There are more serial numbers than pieces."))
      }
      for serial in line.serials {
        let key = SerialStore.key(serial, of: line.product)
        if serial.unicodeScalars.count > 100 {
          errors.add("line-\(place)", Message("Serial numbers have at most 100 characters each."))
        } else if !seen.insert(key).inserted {
          errors.add("line-\(place)", Message("Serial number {serial} is entered twice.", ["serial": serial]))
        } else if !returned.contains(key), let other = try SerialStore.order(with: key, besides: id, in: act.db) {
          errors.add("line-\(place)", Message("Serial number {serial} is already on {order}.", ["serial": serial, "order": other]))
        }
      }
    }
    return errors
  }

  // MARK: Making

  /// That of its quote, if its customer is gone.
  static func keepRecipient(_ order: inout DocumentValues, _ act: ActContext) throws {
    guard !order.hasCustomer, let quote = try RecordID(order["quote"].text).flatMap({ try RecordType.quote.record($0, in: act.db) }) else {
      return
    }
    order.keepRecipient(of: quote)
  }

  /// The order of an accepted quote: as it was offered, whatever has changed since.
  static func create(from quote: Record, _ act: ActContext) throws -> Outcome {
    var values = DocumentValues(RecordType.order.blank(), of: .order)
    for name in copied { values[name] = quote[name] }
    values["quote"] = .reference(id: quote.id.text, name: quote.name)
    values["status"] = .text("draft")
    return try RecordType.order.create(values.values, known: values.values, act)
  }

  private static let copied = [
    "contact", "company", "reference", "owner", "title", "lines", "discount", "discount_reason", "shipping", "currency", "prices",
    "language", "shipping_vat",
  ]

  /// The same order again: never its number, dates, payments, shipments, serial numbers or quote.
  static func copy(_ order: Record, _ act: ActContext) throws -> Outcome {
    var values = DocumentValues(RecordType.order.blank(), of: .order)
    for name in copied + ["shipping_method", "carrier", "destination"] { values[name] = order[name] }
    values.keepRecipient(of: order)
    values.lines = values.lines.map { line in
      var line = line
      line.serials = []
      return line
    }
    return try RecordType.order.create(values.values, known: values.values, act)
  }
}

extension DocumentValues {
  /// Whether everything that the totals follow from is as it was.
  func isPricedLike(_ stored: Record) -> Bool {
    ["lines", "discount", "shipping", "shipping_vat", "currency", "prices", "date", "contact", "company"].allSatisfy {
      self[$0] == stored[$0]
    }
  }
}

extension RecordType {
  /// No value in any field, but what a choice begins with.
  func blank() -> [FieldValue] { fields.map { (try? $0.kind.parse("")) ?? .empty } }
}

extension Setting {
  static let paymentDays = Setting(
    Field(
      "payment_days", "Payment term (days)", DecimalField.whole(0...365), hint: "Sets “Due on” on new orders and invoices.", size: .half),
    default: .integer(14))
}
