@testable import Admin
import Base
@testable import CRM
import Money
import Store
import TestKit
import Testing
import Web
import XML

/// Products with their prices and costs.
@Suite struct ProductTests {
  private static let products = "/admin/crm/products"
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func post(_ fields: [(String, String)], to path: String = products) -> Response {
    owner.get(Self.products + "/new")
    return owner.post(path, [("name", "Vesper Plus"), ("csrf_token", owner.lastToken)] + fields)
  }

  private static let costs: [(String, String)] = [
    ("part_name", "PCB"), ("part_cost", "12.40"), ("part_cost_currency", "EUR"),
    ("part_name", "Components"), ("part_cost", "33.15"), ("part_cost_currency", "EUR"),
    ("labour", "1:15"), ("hourly_rate", "18.50"), ("hourly_rate_currency", "EUR"), ("inbound_shipping", "2.10"),
    ("inbound_shipping_currency", "EUR"),
  ]

  @Test func `a product has costs of parts, labour and shipping, and so a margin`() throws {
    let made = post([("sku", "VSP-001"), ("price", "249.90"), ("price_currency", "EUR")] + Self.costs)
    try #require(made.status == 303, "\(made.text)")
    let rows = owner.get(made.location).page.all("//section[@aria-labelledby='costs']//tr").map { $0.text.split(separator: "\n").joined() }
    // 1.25 h × 18.50 is 23.125, rounded half away from zero.
    for (label, amount) in [("Labour", "23.13"), ("Cost", "70.78"), ("Profit", "179.12"), ("Margin", "71.7"), ("Markup", "253.1")] {
      #expect(rows.contains { $0.contains(label) && $0.contains(amount) }, "\(label): \(rows)")
    }
  }

  @Test func `a price has up to four decimals more than an amount, in a form, a page, a file and the API`() throws {
    let made = post([("price", "0.195"), ("price_currency", "EUR"), ("unit", "C62")])
    #expect(owner.get(made.location).text.contains("0.195\u{A0}EUR"))
    #expect(owner.get(made.location + "/edit").page.first("//input[@name='price']")?["value"] == "0.195")
    #expect(owner.get(Self.products + "/export.csv").text.contains("0.195 EUR"))
    let program = try TestProgram(office)
    let item = program.get("/products").json["items"]?.array?.first
    #expect(item?["price"] == .object(["amount": "0.195", "currency": "EUR"]))
    for (typed, isFine) in [("0.123456", true), ("0.1234567", false), ("4.5", true)] {
      #expect((post([("price", typed), ("price_currency", "EUR")]).status == 303) == isFine, "\(typed)")
    }
    #expect(post([("price", "4.5"), ("price_currency", "JPY")]).status == 303)
    #expect(owner.get(Self.products).text.contains("4.5\u{A0}JPY"))
  }

  @Test func `what isn't known costs not nothing, and a screw earns less than a cent`() throws {
    let rate = post([("hourly_rate", "18.50"), ("hourly_rate_currency", "EUR")]).location
    #expect(owner.get(rate).page.first("//section[@aria-labelledby='costs']") == nil)
    let screw = post([
      ("price", "0.195"), ("price_currency", "EUR"), ("part_name", "Bought"), ("part_cost", "0.15"), ("part_cost_currency", "EUR"),
    ]).location
    let text = owner.get(screw).page.first("//section[@aria-labelledby='costs']")?.text ?? ""
    #expect(text.contains("0.045\u{A0}EUR") && text.contains("23.1\u{A0}%"), "\(text)")
    // Too large to be compared, and shown all the same.
    let huge = post([
      ("price", "999999999999.99"), ("price_currency", "EUR"), ("part_name", "x"), ("part_cost", "9999999999999999.99"),
      ("part_cost_currency", "EUR"),
    ])
    #expect(huge.status == 303 && owner.get(huge.location).status == 200)
    #expect(post([("part_name", "x"), ("part_cost", "-1"), ("part_cost_currency", "EUR")]).text.contains("An amount can’t be negative."))
  }

  @Test func `rows of prices are read, shown, changed and compared row by row`() throws {
    func row(_ list: String, _ price: String, _ from: String, _ since: String = "", _ until: String = "") -> [(String, String)] {
      [
        ("price_list", list), ("price_price", price), ("price_price_currency", "EUR"), ("price_from_quantity", from),
        ("price_valid_from", since), ("price_valid_until", until),
      ]
    }
    let made = post(row("Dealers", "199.50", "10") + row("", "", "") + row("", "180", "100", "2026-01-01", "2026-12-31"))
    try #require(made.status == 303, "\(made.text)")
    let page = owner.get(made.location + "/edit").page
    #expect(page.all("//input[@name='price_price']").prefix(2).map { $0["value"] } == ["199.50", "180.00"])
    // An added row that is left alone is no row; its currency says nothing.
    #expect(page.all("//input[@name='price_price']").count == 3)
    #expect(post(row("Dealers", "", "10")).text.contains("Enter a price."))
    #expect(post(row("Dealers", "abc", "10")).text.contains("value=\"abc\""))
    #expect(post(row("Dealers", "1", "10") + row("DEALERS", "2", "10")).text.contains("This price is listed twice."))
    #expect(post(row("", "1", "", "2026-02-01", "2026-01-01")).text.contains("The last day is before the first."))
    #expect(post(row("", "-1", "")).text.contains("can’t be negative"))
  }

  @Test func `the price that fits best is of the customer's list, the largest quantity reached, on that day`() throws {
    let type = RecordType.product
    func amount(_ text: String) -> JSON {
      let parts = text.split(separator: " ").map(String.init)
      return .object(["amount": .string(parts[0]), "currency": .string(parts[1])])
    }
    func rows(_ rows: [(String, String, String, String, String)]) -> JSON {
      .array(
        rows.map { list, price, from, since, until in
          .object([
            "list": .string(list), "price": amount(price), "from_quantity": .string(from),
            "valid_from": since.isEmpty ? .null : .string(since), "valid_until": until.isEmpty ? .null : .string(until),
          ])
        })
    }
    let program = try TestProgram(office)
    let sent = JSON.object([
      "name": "Clock", "price": amount("100 EUR"),
      "prices": rows([
        ("", "90 EUR", "10", "", ""), ("", "80 EUR", "100", "", ""), ("Dealers", "85 EUR", "0", "", ""),
        ("Dealers", "70 EUR", "10", "2026-06-01", "2026-06-30"), ("", "110 USD", "0", "", ""),
      ]),
    ])
    let made = program.send(.post, "/products", sent)
    try #require(made.status == 201, "\(made.text)")
    let id = try #require(RecordID(made.id))
    let record = try #require(try office.store.read { db in try type.record(id, in: db) })
    func price(_ pieces: Int64, list: String = "", currency: String = "EUR", on day: String = "2026-11-20") -> Int64? {
      Product.price(of: record, list: list, currency: currency, quantity: Quantity(pieces * 1000), on: day).map { $0.units / 10_000 }
    }
    #expect(price(1) == 10_000 && price(9) == 10_000 && price(10) == 9_000 && price(100) == 8_000)
    #expect(price(1, list: "dealers") == 8_500 && price(10, list: "Dealers", on: "2026-06-30") == 7_000)
    #expect(price(10, list: "Dealers", on: "2026-07-01") == 8_500 && price(10, list: "Others") == 9_000)
    #expect(price(-10) == 9_000 && price(10, list: "Dealers", on: "2026-06-01") == 7_000)
    #expect(price(1, currency: "USD") == 11_000 && price(1, currency: "GBP") == nil)
  }

  @Test func `what is wrong is said at its field, and nothing is lost`() throws {
    _ = post([("sku", "A-1")])
    #expect(post([("sku", "a-1"), ("description", "kept")]).text.contains("kept"))
    #expect(post([("sku", "a-1")]).status == 422)
    let mixed = post([
      ("part_name", "PCB"), ("part_cost", "1"), ("part_cost_currency", "EUR"), ("inbound_shipping", "1"),
      ("inbound_shipping_currency", "USD"),
    ])
    #expect(mixed.status == 422 && mixed.text.contains("All costs of a product must be in one currency."))
    #expect(post([("labour", "1:00")]).text.contains("Enter an hourly rate."))
    #expect(post([("price", "999999999999999999"), ("price_currency", "EUR")]).status == 422)
    #expect(post([("reorder_at", "-1")]).status == 422)
    #expect(post([("reorder_at", "0.0001")]).text.contains("At most 3 decimals."))
  }

  @Test func `a service without stock has no stock, and roles see products only where they may`() throws {
    let made = post([("category", "Repair service")])
    #expect(owner.get(made.location + "/stock").text.contains("Stock isn’t tracked"))
    #expect(owner.get(made.location + "/costs").status == 404)
    let factory = try office.visitor(.factory)
    for path in [made.location, made.location + "/stock", Self.products] { #expect(factory.get(path).status == 404, "\(path)") }
    // Other records have no such tab.
    owner.get("/admin/crm/contacts/new")
    let contact = owner.post("/admin/crm/contacts", [("name", "Ann"), ("status", "active"), ("csrf_token", owner.lastToken)]).location
    #expect(owner.get(contact).status == 200 && owner.get(contact + "/stock").status == 404)
    #expect(owner.get(contact).page.first("//a[@href='\(contact)/stock']") == nil)
  }

  private func vatCode(_ fields: [(String, String)]) -> Response {
    owner.get("/admin/crm/vat-codes/new")
    return owner.post("/admin/crm/vat-codes", fields + [("csrf_token", owner.lastToken)])
  }

  private static let codes: [(fields: String, problem: String?)] = [
    ("rate=24&category=S", nil), ("rate=5.5&category=S", nil), ("rate=0&category=Z", nil), ("rate=0&category=AE&reason=Article 196", nil),
    ("rate=&category=S", "Enter a rate."), ("rate=0&category=S", "isn’t “Standard”"), ("rate=24&category=AE&reason=x", "Only the category"),
    ("rate=0&category=E", "Enter why"), ("rate=24&category=S&reason=x", "has no reason"),
    ("rate=100.0001&category=S", "Enter a number from 0 to 100."),
    ("rate=24&category=S&valid_from=2026-02-01&valid_until=2026-01-31", "The last day is before"),
  ]

  @Test(arguments: codes) func `a VAT code is a rate, or says why there is none`(fields: String, problem: String?) {
    let fields = fields.split(separator: "&").map { field -> (String, String) in
      let parts = field.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      return (parts[0], parts[1])
    }
    let response = vatCode([("name", "VAT")] + fields)
    #expect(response.status == (problem == nil ? 303 : 422), "\(response.text)")
    if let problem { #expect(response.text.contains(problem)) }
  }

  /// money_documents §4, case 26: a changed rate is another code.
  @Test func `a product shows its price with VAT, and a rate in use is never changed`() throws {
    let code = vatCode([("name", "Standard"), ("rate", "24"), ("category", "S")]).location
    let made = post([("price", "100.99"), ("price_currency", "EUR"), ("vat_code", "Standard")])
    try #require(made.status == 303, "\(made.text)")
    #expect(owner.get(made.location).text.contains("125.23\u{A0}EUR including 24\u{A0}% VAT"))
    func save(_ rate: String, _ fields: [(String, String)] = []) -> Response {
      let page = owner.get(code + "/edit").page
      let version = page.first("//input[@name='version']")?["value"] ?? ""
      return owner.post(
        code, [("name", "Standard"), ("rate", rate), ("category", "S"), ("version", version), ("csrf_token", owner.lastToken)] + fields)
    }
    // 4.49996 cents: rounding the tax first would make it 5.
    let cheap = post([("price", "0.03629"), ("price_currency", "EUR"), ("vat_code", "Standard")])
    #expect(owner.get(cheap.location).text.contains("0.04\u{A0}EUR including 24"))
    #expect(save("25").text.contains("This code is in use."))
    #expect(save("24", [("valid_until", "2026-12-31")]).status == 303)
  }
}
