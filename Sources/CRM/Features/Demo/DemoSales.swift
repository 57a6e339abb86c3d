import Admin
import Base
import Money
import Store

/// A year of quotes and orders of the demo office: some waiting, some shipped and paid, some late. Made by the acts that people use, each on its day.
struct DemoSales {
  let actor: Actor
  let now: Timestamp
  let db: Database
  private let customers: [(contact: String, company: String)]
  private let products: [(id: String, name: String)]
  private var numbers = SplitMix(state: 7)

  init(by actor: Actor, until now: Timestamp, in db: Database) throws {
    (self.actor, self.now, self.db) = (actor, now, db)
    customers = try db.all("SELECT id, coalesce(company_id, '') FROM contacts WHERE status = 'active' ORDER BY seq LIMIT 60") {
      ($0.text(0), $0.text(1))
    }
    products = try db.all("SELECT id, name FROM products WHERE status = 'active' ORDER BY seq LIMIT 40") { ($0.text(0), $0.text(1)) }
  }

  private static let titles = [
    "Bell controller", "Church clock", "Two strikers", "Repair of the tower clock", "Spare parts", "New dials", "Yearly maintenance",
    "Ρολόι για το καμπαναριό", "Neue Turmuhr",
  ]

  /// An act `days` ago, at some time of the working day.
  private mutating func act(daysAgo days: Int) -> ActContext {
    let minutes = numbers.number(9 * 60)
    return ActContext(
      db: db, principal: .program(actor), now: now.adding(seconds: -days * 86_400 - minutes * 60), types: crm.records.all)
  }

  /// Once: an office that has orders has its own.
  mutating func write() throws {
    guard !customers.isEmpty, !products.isEmpty, try db.value("SELECT EXISTS (SELECT 1 FROM orders)") == 0 else { return }
    // From the oldest to the newest, so that numbers follow the days.
    for days in stride(from: 330, through: 4, by: -9) { try sale(startedDaysAgo: days) }
  }

  private mutating func sale(startedDaysAgo days: Int) throws {
    let begun = act(daysAgo: days)
    guard let quote = try quote(begun) else { return }
    if days < 10 { return }
    guard try QuoteActs.send(quote, act(daysAgo: days)).hasChanged, let sent = try RecordType.quote.record(quote.id, in: db) else { return }
    switch numbers.number(10) {
    case 0, 1: return
    case 2: _ = try QuoteActs.decline(sent, by: actor.name, "Too expensive this year.", act(daysAgo: days - 4))
    default:
      guard let id = try QuoteActs.accept(sent, by: actor.name, act(daysAgo: days - 3)).order else { return }
      try order(id, startedDaysAgo: days - 4)
    }
  }

  private mutating func quote(_ act: ActContext) throws -> Record? {
    let customer = customers[numbers.number(customers.count)]
    var values = DocumentValues(RecordType.quote.blank(), of: .quote)
    values["contact"] = FieldValue(customer.contact)
    values["company"] = FieldValue(customer.company)
    values["title"] = .text(Self.titles[numbers.number(Self.titles.count)])
    values["date"] = .text(Day(act.now.civil).text)
    values["owner"] = FieldValue(act.actor.id ?? "")
    values.lines = (0...numbers.number(3)).map { _ in
      let product = products[numbers.number(products.count)]
      return DocumentLine(kind: .product, product: product.id, name: product.name, quantity: Int64(1 + numbers.number(3)) * 1_000)
    }
    if numbers.number(4) == 0 {
      values["discount"] = .text("5%")
      values["discount_reason"] = .text("Loyal customer")
    }
    guard case .done(let id, _) = try RecordType.quote.create(values.values, act) else { return nil }
    return try RecordType.quote.record(id, in: db)
  }

  private mutating func order(_ id: RecordID, startedDaysAgo days: Int) throws {
    func current() throws -> Record? { try RecordType.order.record(id, in: db) }
    guard days > 6, let draft = try current() else { return }
    try make(DocumentValues(draft).lines, act(daysAgo: days))
    guard try OrderActs.confirm(draft, act(daysAgo: days)).hasChanged else { return }
    guard days > 14, let confirmed = try current() else { return }
    var shipment = Shipment()
    (shipment.carrier, shipment.tracking) = ("DHL", "JD0146000" + String(100_000 + numbers.number(900_000)))
    shipment.shippedOn = Day(now.adding(seconds: -(days - 5) * 86_400).civil).text
    shipment.lines = DocumentValues(confirmed).lines.map { Shipment.Line(id: "", line: $0.id, quantity: $0.quantity ?? 0) }
    guard try ShipmentActs.add(shipment, to: confirmed, act(daysAgo: days - 5)).hasChanged, let shipped = try current() else { return }
    if let sent = try ShipmentStore.all(of: id, in: db).last {
      _ = try ShipmentActs.move(sent, to: .delivered, of: shipped, act(daysAgo: days - 8))
    }
    try invoice(id, startedDaysAgo: days - 8)
    guard days > 60, let done = try current() else { return }
    _ = try OrderActs.complete(done, act(daysAgo: days - 40))
  }

  /// What isn't there any more, the workshop makes.
  private func make(_ lines: [DocumentLine], _ act: ActContext) throws {
    for line in lines {
      guard let id = RecordID(line.product), let product = try RecordType.product.header(id, .all, db),
        try StockStore.stock(of: id, in: db).available < 3 * (line.quantity ?? 0)
      else { continue }
      _ = try StockActs.enter(.init(kind: .received, quantity: 12_000, reason: "From the workshop"), on: product, act)
    }
  }

  private mutating func invoice(_ order: RecordID, startedDaysAgo days: Int) throws {
    guard let delivered = try RecordType.order.record(order, in: db),
      let id = try InvoiceActs.draft(of: delivered, act(daysAgo: days)).invoice, let draft = try RecordType.invoice.record(id, in: db),
      try InvoiceActs.issue(draft, act(daysAgo: days)).hasChanged, let issued = try RecordType.invoice.record(id, in: db)
    else { return }
    // One in eight pays late, one in eight in part.
    let kind = numbers.number(8)
    guard kind != 0 || days > 200, days > 15 else { return }
    let document = DocumentValues(issued)
    var payment = Payment()
    payment.amount = kind == 1 && days < 200 ? document.minor("total") / 2 : document.minor("total")
    (payment.currency, payment.method, payment.reference) = (document.currency, "transfer", issued.name)
    payment.date = Day(now.adding(seconds: -(days - 12) * 86_400).civil).text
    _ = try PaymentActs.add(payment, to: issued, act(daysAgo: days - 12))
  }
}
