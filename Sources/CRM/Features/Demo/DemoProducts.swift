import Admin
import Base
import Store

/// What the demo office makes and sells, with what is in stock of it.
enum DemoProducts {
  private struct Sample {
    let name: String
    let sku: String
    let category: String
    let price: String
    var dealers = ""
    var parts: [(String, String)] = []
    var labour = ""
    var shipping = ""
    /// Pieces that came in; `nil` where stock isn't tracked.
    var received: Int64?
    var reorderAt = ""
    var unit = "C62"
    var device = ""
    var description = ""
  }

  private static let samples = [
    Sample(
      name: "Vesper Plus", sku: "VSP-001", category: "Controller", price: "420 EUR", dealers: "336 EUR",
      parts: [("PCB", "24.60 EUR"), ("Components", "61.85 EUR"), ("Enclosure", "18 EUR")], labour: "1:45", shipping: "3.20 EUR",
      received: 24,
      reorderAt: "10", device: "vesper-plus", description: "Controls up to eight bells, with a radio clock and a calendar of feasts."),
    Sample(
      name: "Vesper Mini", sku: "VSP-002", category: "Controller", price: "260 EUR", dealers: "208 EUR",
      parts: [("PCB", "16.20 EUR"), ("Components", "38.40 EUR"), ("Enclosure", "11.50 EUR")], labour: "1:10", shipping: "2.40 EUR",
      received: 7,
      reorderAt: "10", device: "vesper-mini"),
    Sample(
      name: "Electric striker 24 V", sku: "STR-024", category: "Striker", price: "189.50 EUR", dealers: "155 EUR",
      parts: [("Coil", "31.20 EUR"), ("Hammer", "22.75 EUR"), ("Bracket", "9.80 EUR")], labour: "0:40", received: 40, reorderAt: "12"),
    Sample(
      name: "Electric striker 48 V", sku: "STR-048", category: "Striker", price: "214 EUR",
      parts: [("Coil", "36.10 EUR"), ("Hammer", "22.75 EUR"), ("Bracket", "9.80 EUR")], labour: "0:40", received: 15, reorderAt: "6"),
    Sample(
      name: "Tower clock 120 cm", sku: "CLK-120", category: "Clock", price: "1480 EUR", dealers: "1260 EUR",
      parts: [("Movement", "310 EUR"), ("Dial", "185 EUR"), ("Hands", "64 EUR")], labour: "6:30", shipping: "42 EUR", received: 3,
      reorderAt: "2"),
    Sample(
      name: "Ρολόι τοίχου 60 cm", sku: "CLK-060", category: "Clock", price: "390 EUR", parts: [("Movement", "74 EUR"), ("Dial", "48 EUR")],
      labour: "1:30", received: 11, reorderAt: "4"),
    Sample(name: "Screw M4 × 12", sku: "PRT-0412", category: "Part", price: "0.195 EUR", received: 2_400, reorderAt: "500"),
    Sample(name: "Radio receiver DCF77", sku: "PRT-DCF", category: "Part", price: "28.40 EUR", received: 32, reorderAt: "10"),
    Sample(name: "Repair in the workshop", sku: "SRV-REP", category: "Repair service", price: "52 EUR", unit: "HUR"),
    Sample(name: "Installation on site", sku: "SRV-INS", category: "Repair service", price: "68 EUR", unit: "HUR"),
  ]

  private static let vatCodes = [
    ("Standard rate", "24", "S", ""), ("Reduced rate", "13", "S", ""), ("Super-reduced rate", "6", "S", ""),
    ("Reverse charge", "0", "AE", "VAT is owed by the recipient, Article 196 of Directive 2006/112/EC."),
  ]

  /// Those whose SKU no product has yet.
  static func write(by actor: Actor, until now: Timestamp, in db: Database) throws {
    for (name, rate, category, reason) in vatCodes
    where try db.value("SELECT 1 FROM vat_codes WHERE name_sort = \(TextFolding.fold(name))") == nil {
      let act = ActContext(db: db, principal: .program(actor), now: now.adding(seconds: -201 * 86_400), types: crm.records.all)
      _ = try RecordType.vatCode.create(
        try RecordType.vatCode.values(["name": name, "rate": rate, "category": category, "reason": reason]), act)
    }
    for (index, sample) in samples.enumerated() {
      guard try db.value("SELECT 1 FROM products WHERE lower(sku) = \(sample.sku.lowercased())") == nil else { continue }
      let act = ActContext(
        db: db, principal: .program(actor), now: now.adding(seconds: -(200 - index) * 86_400), types: crm.records.all)
      func json(_ rows: [[(String, String)]]) -> String {
        rows.isEmpty ? "" : JSON.array(rows.map { .object($0.map { JSON.Member(name: $0.0, value: .string($0.1)) }) }).text
      }
      let values = try RecordType.product.values([
        "name": sample.name, "sku": sample.sku, "category": sample.category, "vat_code": vatCodes[0].0, "price": sample.price,
        "unit": sample.unit,
        "device_type": sample.device, "description": sample.description, "labour": sample.labour,
        "hourly_rate": sample.labour.isEmpty ? "" : "18.50 EUR", "inbound_shipping": sample.shipping,
        "is_stocked": sample.received == nil ? "" : "yes", "reorder_at": sample.reorderAt,
        "cost_parts": json(sample.parts.map { [("name", $0.0), ("cost", $0.1)] }),
        "prices": sample.dealers.isEmpty ? "" : json([[("list", "Dealers"), ("price", sample.dealers), ("from_quantity", "5")]]),
      ])
      guard case .done(let id, _) = try RecordType.product.create(values, act), let received = sample.received,
        let header = try RecordType.product.header(id, .all, db)
      else { continue }
      _ = try StockActs.enter(.init(kind: .received, quantity: received * 1000, reason: "Opening stock"), on: header, act)
    }
  }
}
