@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import Templating
import TestKit
import Testing
import Web
@testable import XML

/// An office that sells: a customer, VAT codes, products, and its documents as a browser posts them.
struct DocumentOffice {
  static let quotes = "/admin/crm/quotes"
  static let orders = "/admin/crm/orders"
  let office: TestApp
  let owner: TestClient
  let program: TestProgram
  let customer: String

  init(trace: (@Sendable (String) -> Void)? = nil) throws {
    office = try TestApp(trace: trace)
    owner = try office.visitor(.owner)
    program = try TestProgram(office)
    customer = try program.make("Carla Customer").id
  }

  // MARK: What is sold

  /// A VAT code; its name is its rate.
  @discardableResult
  func vat(_ rate: String, name: String? = nil, category: String = "S") throws -> String {
    let made = program.send(
      .post, "/vat_codes", .object(["name": .string(name ?? rate), "rate": .string(rate), "category": .string(category)]))
    return try #require(made.status == 201 ? made.id : nil, "\(made.text)")
  }

  func product(_ name: String, price: String? = nil, vat: String? = nil, stock pieces: Int64? = nil, _ more: [JSON.Member] = []) throws
    -> String
  {
    var members: [JSON.Member] = [.init(name: "name", value: .string(name))]
    if let price { members.append(.init(name: "price", value: .object(["amount": .string(price), "currency": "EUR"]))) }
    if let vat { members.append(.init(name: "vat_code", value: .object(["id": .string(vat)]))) }
    if pieces != nil { members.append(.init(name: "is_stocked", value: .bool(true))) }
    let made = program.send(.post, "/products", .object(members + more))
    let id = try #require(RecordID(made.id), "\(made.text)")
    if let pieces, pieces > 0 {
      try act { act in
        let header = try #require(try RecordType.product.header(id, .all, act.db))
        _ = try StockActs.enter(.init(kind: .received, quantity: pieces * 1000, reason: ""), on: header, act).id(of: nil)
      }
    }
    return id.text
  }

  /// On hand, reserved and available, in pieces.
  func stock(_ product: String) throws -> [Int64] {
    let id = try #require(RecordID(product))
    let stock = try office.store.read { db in try StockStore.stock(of: id, in: db) }
    return [stock.onHand / 1000, stock.reserved / 1000, stock.available / 1000]
  }

  // MARK: Forms

  /// A row of the lines of a form.
  struct Line {
    var id = ""
    var kind = "item"
    var name: String
    var product = ""
    var quantity = "1"
    var price = ""
    var discount = ""
    var vat = ""
    var serials: String?
    var description = ""

    init(
      _ name: String, _ quantity: String = "1", _ price: String = "", discount: String = "", vat: String = "", product: String = "",
      kind: String = "item", serials: String? = nil, id: String = ""
    ) {
      (self.id, self.kind, self.name, self.product, self.quantity) = (id, kind, name, product, quantity)
      (self.price, self.discount, self.vat, self.serials) = (price, discount, vat, serials)
    }

    func fields(hasSerials: Bool) -> [(String, String)] {
      [
        ("line_id", id), ("line_kind", kind), ("line_name", name), ("line_product_id", product.isEmpty ? "" : product + " " + name),
        ("line_description", description), ("line_quantity", quantity), ("line_unit", ""), ("line_price", price),
        ("line_discount", discount), ("line_vat", vat),
      ] + (hasSerials ? [("line_serials", serials ?? "")] : [])
    }
  }

  /// Posts the form of a new document, or over an existing one.
  @discardableResult
  func post(_ path: String, _ lines: [Line], _ more: [(String, String)] = [], by client: TestClient? = nil) -> Response {
    let client = client ?? owner
    let isNew = path == Self.quotes || path == Self.orders
    let page = client.get(path + (isNew ? "/new" : "/edit")).page
    var fields = [("contact", "Carla Customer"), ("contact_id", customer), ("currency", "EUR"), ("prices", "net")]
    if !isNew { fields.append(("version", page.first("//input[@name='version']")?["value"] ?? "")) }
    fields = fields.filter { field in !more.contains { $0.0 == field.0 } } + more
    let rows = lines.flatMap { $0.fields(hasSerials: path.hasPrefix(Self.orders)) }
    return client.post(path, fields + rows + [("csrf_token", client.lastToken)])
  }

  /// The address of a new document.
  func make(_ path: String, _ lines: [Line], _ more: [(String, String)] = []) throws -> String {
    let response = post(path, lines, more)
    try #require(response.status == 303, "\(problems(response))")
    return response.location.split(separator: "?").first.map(String.init) ?? ""
  }

  /// What a form says is wrong: the summary and the errors of rows.
  func problems(_ response: Response) -> String {
    response.page.all("//*[@class='problems' or contains(@class, 'field-error') or contains(@id, '-error')]").map(\.text)
      .joined(separator: "\n")
  }

  /// The form of a document as its page has it, to be posted again.
  func form(_ path: String) throws -> [(String, String)] {
    let form = try #require(owner.get(path + "/edit").page.first("//main//form[@method='post'][.//input[@name='version']]"))
    return form.all(
      ".//input[@name][not(ancestor::template)] | .//select[@name][not(ancestor::template)] | .//textarea[@name][not(ancestor::template)]"
    )
    .compactMap { control -> (String, String)? in
      let name = control["name"] ?? ""
      if ["save", "csrf_token"].contains(name) { return nil }
      if control.name == "select" {
        return (name, control.first(".//option[@selected]")?["value"] ?? control.first(".//option")?["value"] ?? "")
      }
      if control.name == "textarea" { return (name, control.typedText) }
      if control["type"] == "file" { return nil }
      if ["checkbox", "radio"].contains(control["type"] ?? ""), control["checked"] == nil { return nil }
      return (name, control["value"] ?? "")
    }
  }

  /// Does a step, as its button does.
  @discardableResult
  func step(_ path: String, _ step: String, _ text: String = "", by client: TestClient? = nil) -> Response {
    let client = client ?? owner
    client.get(path)
    return client.post(path + "/" + step, ["text": text])
  }

  /// What the page says after a step.
  func flash(_ response: Response, by client: TestClient? = nil) -> String {
    (client ?? owner).get(response.location).page.all("//*[contains(@class, 'flash') or @role='status' or @role='alert']").map(\.text)
      .joined(separator: " ")
  }

  /// The address that a step leads to.
  func stepping(_ path: String, _ step: String) -> String {
    self.step(path, step).location.split(separator: "?").first.map(String.init) ?? ""
  }

  /// An issued invoice of all of a new order that is confirmed.
  func invoice(_ lines: [Line], _ more: [(String, String)] = []) throws -> (order: String, invoice: String) {
    let order = try make(Self.orders, lines, more)
    step(order, "confirm")
    let invoice = stepping(order, "invoice")
    try issue(invoice)
    return (order, invoice)
  }

  func issue(_ invoice: String, returning lines: [String] = []) throws {
    owner.get(invoice)
    let response = owner.post(invoice + "/issue", lines.map { ("chosen", $0) } + [("csrf_token", owner.lastToken)])
    try #require(response.status == 303 && json(invoice)["status"]?.string != "draft", "\(flash(response))")
  }

  /// Records a payment, as its form does.
  func pay(form path: String, _ amount: String) {
    let fields = owner.get(path + "/payments").page.all(
      "//main//form[@action='\(path)/payments']//input[@name][@type != 'checkbox' or not(@type)]"
    )
    .map { ($0["name"] ?? "", $0["value"] ?? "") }
    owner.post(path + "/payments", fields.map { $0.0 == "amount" ? ("amount", amount) : $0 } + [("method", "transfer")])
  }

  /// The numbers that a list shows.
  func listed(_ list: String, by client: TestClient? = nil) -> [String] {
    (client ?? owner).get(list).page.all("//a[@class='row-link']").map(\.text)
  }

  /// Posts a tab of the settings as it is shown, with some inputs changed.
  func settings(_ tab: String, _ changes: [String: String]) throws {
    let path = "/admin/settings/crm" + tab
    let page = owner.get(path).page
    var fields: [(String, String)] = []
    for input in page.all("//form[@action='\(path)'][@method='post']//*[self::input or self::select or self::textarea]") {
      guard let name = input["name"], name != "csrf_token", input["type"] != "file", changes[name] == nil else { continue }
      if input.name == "select" {
        fields.append((name, input.first(".//option[@selected]")?["value"] ?? ""))
      } else if input.name == "textarea" {
        fields.append((name, input.typedText))
      } else if input["type"] != "checkbox" || input["checked"] != nil {
        fields.append((name, input["value"] ?? ""))
      }
    }
    let response = owner.post(path, fields + changes.map { ($0.key, $0.value) } + [("csrf_token", owner.lastToken)])
    try #require(response.status == 303, "\(problems(response))")
  }

  /// What a PDF says.
  func pdf(_ path: String, by client: TestClient? = nil) throws -> String {
    let response = (client ?? owner).get(path)
    try #require(response.headers["Content-Type"] == "application/pdf", "\(response.status)")
    let file = NSTemporaryDirectory() + "documents-\(UUID()).pdf"
    try Data(response.bodyBytes ?? []).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/pdftotext")
    process.arguments = ["-layout", file, "-"]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }

  // MARK: What there is

  func id(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

  func json(_ path: String) -> JSON { program.get(String(path.dropFirst("/admin/crm".count))).json }

  func number(_ path: String) -> String { json(path)["number"]?.string ?? "" }

  func amount(_ path: String, _ name: String) -> String { json(path)[name]?["amount"]?.string ?? "" }

  func lines(_ path: String) -> [DocumentLine] { (json(path)["lines"]?.array ?? []).map { DocumentLine(json: $0) } }

  func record(_ path: String, in db: Database) throws -> Record {
    let type: RecordType = path.hasPrefix(Self.quotes) ? .quote : .order
    let id = try #require(RecordID(id(path)))
    return try #require(try RecordStore.find(id, of: type, .all, in: db))
  }

  func act<T>(_ body: (ActContext) throws -> T) throws -> T { try Self.act(office, body) }

  static func act<T>(_ office: TestApp, _ body: (ActContext) throws -> T) throws -> T {
    try office.store.write { db in
      try body(
        ActContext(db: db, principal: .program(Actor(id: nil, name: "Test")), now: office.now, types: office.composition.records.all))
    }
  }

  // MARK: Shipments and payments

  /// Ships, or packs, quantities of lines by their ids.
  @discardableResult
  func ship(_ order: String, _ quantities: [String: Int64], packed: Bool = false) throws -> Outcome {
    try act { act in
      var shipment = Shipment()
      shipment.status = packed ? .packed : .shipped
      shipment.lines = quantities.sorted { $0.key < $1.key }.map { .init(id: "", line: $0.key, quantity: $0.value * 1000) }
      return try ShipmentActs.add(shipment, to: record(order, in: act.db), act)
    }
  }

  func shipments(_ order: String) throws -> [Shipment] {
    let id = try #require(RecordID(id(order)))
    return try office.store.read { db in try ShipmentStore.all(of: id, in: db) }
  }

  @discardableResult
  func move(_ shipment: Shipment, to status: Shipment.Status, of order: String) throws -> Outcome {
    try act { act in try ShipmentActs.move(shipment, to: status, of: record(order, in: act.db), act) }
  }

  @discardableResult
  func pay(_ order: String, _ minor: Int64, reference: String = "", date: String = "2026-11-20", again: Bool = false) throws -> Outcome {
    try act { act in
      var payment = Payment()
      (payment.amount, payment.currency, payment.reference, payment.date) = (minor, "EUR", reference, date)
      return try PaymentActs.add(payment, to: record(order, in: act.db), isRepeated: again, act)
    }
  }

  func payments(_ order: String) throws -> [Payment] {
    let id = try #require(RecordID(id(order)))
    return try office.store.read { db in try PaymentStore.all(of: id, in: db) }
  }

  // MARK: Files

  /// Imports a file, and says how it went.
  func importing(_ file: String, into type: RecordType) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("documents-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(file.utf8).write(to: path)
    let (now, languages) = (office.now, try Languages(folder: TestApp.resources + "/Templates/languages").available)
    var problems: [String] = []
    let outcome = try Importer(crm, store: office.store, clock: Clock { now }, languages: languages).run(
      type.list.name, path: path.path, options: Importer.Options(), skipped: { problems.append("\($0.line): \($0.reason)") },
      progress: { _ in })
    return (["\(outcome.created) created"] + problems).joined(separator: ", ")
  }
}

extension HTMLNode {
  /// What a text area has, line by line.
  var typedText: String { contents.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined() }
}

extension TestApp {
  /// A message in English.
  func text(_ message: Message) -> String { message.text(in: .english) }
}
