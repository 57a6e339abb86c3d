@testable import Admin
import Base
@testable import CRM
import Store
import Testing
import Web

/// At which rate a line is taxed: that of a code of the office, unless a file says how it was.
@Suite struct VATOfLinesTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func line(_ members: [JSON.Member]) -> JSON {
    .object([.init(name: "name", value: "Bell"), .init(name: "quantity", value: "1"), .init(name: "price", value: "100")] + members)
  }

  private func post(_ vat: [JSON.Member], _ more: [JSON.Member] = []) -> TestProgram.Answer {
    sales.program.send(
      .post, "/orders",
      .object(
        [.init(name: "contact", value: .object(["id": .string(sales.customer)])), .init(name: "lines", value: .array([line(vat)]))] + more))
  }

  @Test func `a program can't make a rate up`() throws {
    let code = try sales.vat("24")
    // By its id, whatever else is said of it.
    let made = post([
      .init(name: "vat_code_id", value: .string(code)), .init(name: "vat_category", value: "S"), .init(name: "vat_rate", value: "3"),
    ])
    #expect(made.status == 201 && made.json["vat"]?["amount"]?.string == "24.00", "\(made.text)")
    // By category and rate, if there is such a code.
    let found = post([.init(name: "vat_category", value: "S"), .init(name: "vat_rate", value: "24")])
    #expect(found.status == 201 && found.json["lines"]?.array?.first?["vat_code_id"]?.string == code, "\(found.text)")
    for vat in [("S", "23.5"), ("Z", "0")] {
      let refused = post([.init(name: "vat_category", value: .string(vat.0)), .init(name: "vat_rate", value: .string(vat.1))])
      #expect(refused.status == 422 && refused.text.contains("VAT code"), "\(vat) \(refused.text)")
    }
    let patched = sales.program.send(
      .patch, "/orders/" + made.id,
      .object(["lines": .array([line([.init(name: "vat_category", value: "S"), .init(name: "vat_rate", value: "3")])])]))
    #expect(patched.status == 422)
    // Nor the rate of shipping.
    let text = "{\"kind\":\"text\",\"vat_code\":\"Low\",\"vat_category\":\"S\",\"vat_rate\":\"3\"}"
    let shipping = post([.init(name: "vat_code_id", value: .string(code))], [.init(name: "shipping_vat", value: .string(text))])
    #expect(shipping.status == 422, "\(shipping.text)")
  }

  @Test func `a file keeps how it was taxed, and so does the form that changes something else`() throws {
    try sales.vat("24")
    let lines = """
      "[{""name"":""Bell"",""quantity"":""1"",""price"":""100"",""vat_code"":""Old rate"",""vat_category"":""S"",""vat_rate"":""19""}]"
      """
    let file = "id,number,contact,date,currency,status,lines\nX1,OLD-1,Carla Customer,2020-03-04,EUR,draft,\(lines)\n"
    #expect(try sales.importing(file, into: .order) == "1 created")
    let order = DocumentOffice.orders + "/" + (try sales.office.id("SELECT id FROM orders"))
    #expect(sales.amount(order, "vat") == "19.00")
    let form = try sales.form(order).map { $0.0 == "line_quantity" ? ("line_quantity", "2") : $0 }
    sales.owner.get(order)
    #expect(sales.owner.post(order, form + [("csrf_token", sales.owner.lastToken)]).status == 303)
    #expect(sales.amount(order, "vat") == "38.00")
    // Whatever it is called.
    let renamed = try sales.form(order).map { $0.0 == "line_name" ? ("line_name", "Bell, bronze") : $0 }
    #expect(sales.owner.post(order, renamed + [("csrf_token", sales.owner.lastToken)]).status == 303)
    #expect(sales.lines(order).map(\.name) == ["Bell, bronze"] && sales.amount(order, "vat") == "38.00")
  }

  @Test func `a product whose code is gone doesn't get another rate`() throws {
    try sales.vat("7")
    let code = try sales.vat("19")
    let bell = try sales.product("Bell", price: "100", vat: code)
    #expect(sales.program.send(.delete, "/vat_codes/" + code).status == 204)
    let refused = sales.post(DocumentOffice.orders, [Line("Bell", "1", product: bell)])
    #expect(refused.status == 422 && sales.problems(refused).contains("VAT code"), "\(sales.problems(refused))")
    let seven = try sales.office.id("SELECT id FROM vat_codes WHERE status = 'active'")
    #expect(sales.post(DocumentOffice.orders, [Line("Bell", "1", vat: seven, product: bell)]).status == 303)
  }

  @Test func `of two codes with one rate, a program gets that with the reason it says`() throws {
    for reason in ["Article 44", "Article 196"] {
      let made = sales.program.send(
        .post, "/vat_codes", .object(["name": .string(reason), "rate": "0", "category": "E", "reason": .string(reason)]))
      #expect(made.status == 201, "\(made.text)")
    }
    let order = post([
      .init(name: "vat_category", value: "E"), .init(name: "vat_rate", value: "0"), .init(name: "vat_reason", value: "Article 196"),
    ])
    #expect(order.json["lines"]?.array?.first?["vat_reason"]?.string == "Article 196", "\(order.text)")
  }
}
