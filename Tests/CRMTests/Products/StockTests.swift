@testable import Admin
import Base
@testable import CRM
import Store
import TestKit
import Testing
import Web
import XML

/// The ledger of stock movements. Numbers in names are cases of money_documents §4.
@Suite struct StockTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func product(_ name: String = "Clock", backorder: Bool = false) throws -> RecordID {
    let program = try TestProgram(office)
    let made = program.send(
      .post, "/products", .object(["name": .string(name), "is_stocked": .bool(true), "allows_backorder": .bool(backorder)]))
    return try #require(RecordID(made.id), "\(made.text)")
  }

  private func act<T>(_ body: (ActContext) throws -> T) throws -> T {
    try office.store.write { db in
      try body(
        ActContext(db: db, principal: .program(Actor(id: nil, name: "Test")), now: office.now, types: office.composition.records.all))
    }
  }

  private func enter(_ kind: StockMovement.Kind, _ pieces: Int64, _ reason: String = "", on product: RecordID) throws {
    try act { act in
      let header = try #require(try RecordType.product.header(product, .all, act.db))
      _ = try StockActs.enter(.init(kind: kind, quantity: pieces * 1000, reason: reason), on: header, act).id(of: nil)
    }
  }

  /// On hand, reserved and available, in pieces.
  private func stock(_ product: RecordID) throws -> [Int64] {
    let stock = try office.store.read { db in try StockStore.stock(of: product, in: db) }
    return [stock.onHand / 1000, stock.reserved / 1000, stock.available / 1000]
  }

  private func line(_ id: String, _ product: RecordID, _ pieces: Int64) -> Reservation.Line {
    Reservation.Line(id: id, product: product, ordered: pieces * 1000)
  }

  @Test func `goods come in, go out for a reason and are counted; each can be undone once`() throws {
    let id = try product()
    let path = "/admin/crm/products/\(id.text)/stock"
    func post(_ kind: String, _ quantity: String, _ reason: String = "") -> Response {
      owner.get(path)
      return owner.post(path, [("kind", kind), ("quantity", quantity), ("reason", reason), ("csrf_token", owner.lastToken)])
    }
    #expect(post("received", "20").status == 303)
    #expect(post("removed", "2").status == 422)
    #expect(post("removed", "2", "damaged").status == 303)
    #expect(post("counted", "17.5").status == 303)
    #expect(try stock(id) == [17, 0, 17])
    for bad in ["", "-1", "0", "abc", "1.2345", "9999999999999", "1e3"] { #expect(post("received", bad).status == 422, "\(bad)") }
    #expect(post("received", "-5").page.first("//input[@name='quantity']")?["value"] == "-5")
    #expect(post("shipped", "1").status == 422)
    let rows = owner.get(path).page.all("//table//tbody/tr").map { $0.all("th|td").map(\.text) }
    #expect(rows.map { $0[0] } == ["Counted", "Removed", "Received"])
    #expect(rows.map { $0[1] } == ["-0.5", "-2", "+20"] && rows.map { $0[3] } == ["17.5", "18", "20"])
    let undo = try #require(owner.get(path).page.all("//table//form").dropFirst().first?["action"])
    #expect(owner.post(undo, [("csrf_token", owner.lastToken)]).status == 303)
    #expect(try stock(id)[0] == 19)
    owner.get(path)
    #expect(owner.post(undo, [("csrf_token", owner.lastToken)]).status == 303)
    #expect(try stock(id)[0] == 19)
    let events = owner.get("/admin/crm/products/\(id.text)/events").text
    #expect(events.contains("Goods received") && events.contains("damaged") && events.contains("Stock movement undone"))
  }

  @Test func `a stocktake counts many products, each from the stock that was seen`() throws {
    let (clock, bell, other) = (try product("Clock"), try product("Bell"), try product("Ant"))
    try enter(.received, 10, on: clock)
    let path = Stocktake.path
    let page = owner.get(path).page
    let seen = Dictionary(
      zip(page.all("//input[@name='product']"), page.all("//input[@name='seen']")).map { ($0["value"] ?? "", $1["value"] ?? "") }
    ) { first, _ in first }
    #expect(seen == [clock.text: "10", bell.text: "0", other.text: "0"])
    func post(_ counts: [(RecordID, String)]) -> Response {
      owner.post(
        path,
        counts.flatMap { [("product", $0.text), ("seen", seen[$0.text] ?? ""), ("counted", $1)] } + [
          ("reason", "Yearly"), ("csrf_token", owner.lastToken),
        ])
    }
    #expect(post([(clock, ""), (bell, "")]).text.contains("Enter what you counted."))
    let wrong = post([(clock, "9"), (bell, "-1"), (other, "x")])
    #expect(wrong.status == 422 && wrong.page.all("//input[@name='counted']").map { $0["value"] } == ["x", "-1", "9"])
    #expect(try stock(clock)[0] == 10)
    // Two are shipped after the page was drawn: they are missing from both.
    try act { try Reservation.ship(2000, of: line("a", clock, 2), source: "s", $0) }
    owner.get(path)
    #expect(post([(clock, "9"), (bell, "4"), (other, "")]).status == 303)
    #expect(try stock(clock)[0] == 7 && stock(bell)[0] == 4 && stock(other)[0] == 0)
    #expect(owner.get("/admin/crm/products/\(bell.text)/stock").text.contains("Yearly"))
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM stock_movements WHERE product_id = \(other)") } == 0)
    #expect(try office.visitor(.factory).get(path).status == 404)
  }

  @Test func `a stocktake is saved whole or not at all, and no number is too large to be undone`() throws {
    let (clock, bell, gone) = (try product("Clock"), try product("Bell"), try product("Gone"))
    func post(_ rows: [(RecordID, String, String)]) -> Response {
      owner.get(Stocktake.path)
      let fields = rows.flatMap { [("product", $0.0.text), ("seen", $0.1), ("counted", $0.2)] }
      return owner.post(Stocktake.path, fields + [("csrf_token", owner.lastToken)])
    }
    owner.get("/admin/crm/products/\(gone.text)")
    #expect(owner.post("/admin/crm/products/\(gone.text)/trash", [("csrf_token", owner.lastToken)]).status == 303)
    #expect(post([(clock, "0", "5"), (gone, "0", "5")]).status == 422)
    #expect(post([(clock, "0", "5"), (RecordID.make(at: office.now), "0", "5")]).status == 422)
    #expect(post([(clock, "0", "5"), (clock, "0", "6")]).status == 422)
    for seen in ["-999999999999999.999", "-1000000000.001", "-1000000000", "x", ""] {
      #expect(post([(clock, seen, "1"), (bell, "0", "2")]).status == 422, "\(seen)")
    }
    #expect(try stock(clock) == [0, 0, 0] && stock(bell) == [0, 0, 0])
    #expect(post([(clock, "0", "1000000000")]).status == 303)
    #expect(post([(clock, "0", "1")]).status == 422)
    #expect(owner.get("/admin/crm/products").status == 200)
  }

  @Test func `a product whose stock isn't tracked has none, whoever asks`() throws {
    let program = try TestProgram(office)
    let made = program.send(.post, "/products", .object(["name": "Repair"]))
    #expect(program.send(.post, "/products/\(made.id)/stock", .object(["kind": "received", "quantity": "1"])).status == 422)
    #expect(
      program.send(.post, "/products/\(made.id)/stock", .object(["kind": "counted", "quantity": " "])).errors["quantity"]
        == "Enter a quantity.")
    let path = "/admin/crm/products/\(made.id)/stock"
    owner.get("/admin/crm/products")
    #expect(owner.post(path, [("kind", "received"), ("quantity", "1"), ("reason", ""), ("csrf_token", owner.lastToken)]).status == 422)
    #expect(program.get("/products?filter=available at_most 0".replacing(" ", with: "+")).json["items"]?.array?.isEmpty == true)
    #expect(program.get("/products?filter=available+is_empty").json["items"]?.array?.count == 1)
  }

  @Test func `a line that is about another product now frees the first, and a cancelled order gets nothing back`() throws {
    let (clock, bell) = (try product("Clock"), try product("Bell"))
    for id in [clock, bell] { try enter(.received, 10, on: id) }
    try act { try Reservation.reserve([line("a", clock, 3)], $0) }
    try act { try Reservation.reserve([line("a", bell, 4)], $0) }
    #expect(try stock(clock) == [10, 0, 10] && stock(bell) == [10, 4, 6])
    try act { try Reservation.ship(2000, of: line("a", bell, 4), source: "s", $0) }
    try act { try Reservation.release("a", $0) }
    try act { try Reservation.unship(source: "s", ordered: 0, $0) }
    #expect(try stock(bell) == [10, 0, 10])
  }

  @Test func `nothing is shipped that isn't there, and what was shipped isn't taken back`() throws {
    let id = try product()
    try enter(.received, 2, on: id)
    #expect(throws: Reservation.Shortage.self) { try act { try Reservation.ship(3000, of: line("a", id, 3), source: "s", $0) } }
    try act { try Reservation.ship(2000, of: line("a", id, 3), source: "s", $0) }
    let path = "/admin/crm/products/\(id.text)/stock"
    let undo = try #require(owner.get(path).page.first("//table//form")?["action"])
    #expect(owner.post(undo, [("csrf_token", owner.lastToken)]).text.contains("less in stock than this movement added"))
    #expect(try stock(id) == [0, 0, 0])
  }

  @Test func `of 40 at once who want one of the last ten pieces ten get one`() async throws {
    let id = try product()
    try enter(.received, 10, on: id)
    let (store, now, types) = (office.store, office.now, office.composition.records.all)
    let granted = await withTaskGroup(of: Bool.self) { group in
      for n in 1...40 {
        group.addTask {
          let wanted = Reservation.Line(id: "order \(n)", product: id, ordered: 1000)
          return
            (try? store.write { db in
              try Reservation.reserve(
                [wanted], ActContext(db: db, principal: .program(Actor(id: nil, name: "Test")), now: now, types: types))
            }) != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(granted == 10)
    #expect(try stock(id) == [10, 10, 0])
  }

  @Test func `the list shows, filters and sorts by stock`() throws {
    let (clock, _) = (try product("Clock"), try product("Bell"))
    try enter(.received, 5, on: clock)
    owner.get("/admin/crm/products/new")
    let program = try TestProgram(office)
    #expect(program.send(.patch, "/products/\(clock.text)", .object(["reorder_at": "5"])).status == 200)
    let low = owner.get("/admin/crm/products?filter=is_low+is+yes").page.all("//a[@class='row-link']").map(\.text)
    #expect(low == ["Clock"])
    #expect(owner.get("/admin/crm/products?sort=-available").page.all("//a[@class='row-link']").map(\.text) == ["Clock", "Bell"])
    #expect(program.get("/products?filter=on_hand+above+4").json["items"]?.array?.count == 1)
  }

  @Test func `movements are only ever added, and a product with some can't be deleted`() throws {
    let id = try product()
    try enter(.received, 5, on: id)
    #expect(throws: (any Error).self) { try office.store.write { try $0.run("UPDATE stock_movements SET on_hand = 1") } }
    #expect(throws: (any Error).self) { try office.store.write { try $0.run("DELETE FROM stock_movements") } }
    let path = "/admin/crm/products/\(id.text)"
    owner.get(path)
    #expect(owner.post(path + "/trash", [("csrf_token", owner.lastToken)]).status == 303)
    owner.get(path)
    let answer = owner.post(path + "/delete", [("csrf_token", owner.lastToken), ("confirm", "Clock")])
    #expect(owner.get(path).status == 200, "\(answer.status)")
    #expect(try stock(id)[0] == 5)
  }

  @Test func `17: of two who want the last piece one gets it, the other hears how many there are`() throws {
    let id = try product()
    try enter(.received, 1, on: id)
    try act { try Reservation.reserve([line("a", id, 1)], $0) }
    #expect(throws: Reservation.Shortage(product: id, name: "Clock", needed: 1000, available: 0)) {
      try act { try Reservation.reserve([line("b", id, 1)], $0) }
    }
    #expect(try stock(id) == [1, 1, 0])
  }

  @Test func `18: lines of one product need what they need together`() throws {
    let (id, other) = (try product(), try product("Bell"))
    for product in [id, other] { try enter(.received, 3, on: product) }
    let lines = (1...4).map { line("line \($0)", id, 1) } + [line("other", other, 1)]
    #expect(throws: Reservation.Shortage.self) { try act { try Reservation.reserve(lines, $0) } }
    #expect(try stock(id) == [3, 0, 3] && stock(other) == [3, 0, 3])
    try act { try Reservation.reserve(Array(lines.dropFirst()), $0) }
    #expect(try stock(id) == [3, 3, 0])
  }

  @Test func `19: a shipment undone and done again takes its pieces once`() throws {
    let id = try product()
    try enter(.received, 10, on: id)
    let ordered = line("a", id, 5)
    try act { try Reservation.reserve([ordered], $0) }
    try act { try Reservation.ship(2000, of: ordered, source: "shipment 1", $0) }
    try act { try Reservation.ship(2000, of: ordered, source: "shipment 1", $0) }
    #expect(try stock(id) == [8, 3, 5])
    for _ in 1...2 { try act { try Reservation.unship(source: "shipment 1", ordered: 5000, $0) } }
    #expect(try stock(id) == [10, 5, 5])
    try act { try Reservation.ship(2000, of: ordered, source: "shipment 2", $0) }
    #expect(try stock(id) == [8, 3, 5])
  }

  @Test func `20: cancelling frees what is reserved, once`() throws {
    let id = try product()
    try enter(.received, 10, on: id)
    try act { try Reservation.reserve([line("a", id, 3)], $0) }
    for _ in 1...2 { try act { try Reservation.release("a", $0) } }
    #expect(try stock(id) == [10, 0, 10])
    // A draft has reserved nothing.
    try act { try Reservation.release("draft", $0) }
    #expect(try stock(id) == [10, 0, 10])
  }

  @Test func `21: what comes back is put back once`() throws {
    let id = try product()
    for _ in 1...2 { try act { try Reservation.takeBack(1000, of: id, source: "credit line", $0) } }
    #expect(try stock(id) == [1, 0, 1])
  }

  @Test func `22 to 24: a reservation follows what is ordered and not shipped`() throws {
    let id = try product()
    try enter(.received, 20, on: id)
    func reserve(_ lines: Reservation.Line...) throws { try act { try Reservation.reserve(lines, $0) } }
    try reserve(line("a", id, 10))
    try reserve(line("a", id, 10), line("b", id, 5))
    #expect(try stock(id) == [20, 15, 5])
    try act { try Reservation.ship(10_000, of: line("a", id, 15), source: "s", $0) }
    // Of 15 ordered 10 are delivered: 5 are open.
    try reserve(line("a", id, 15), line("b", id, 5))
    #expect(try stock(id) == [10, 10, 0])
    // Fewer than were delivered: nothing is open, and nothing negative.
    try reserve(line("a", id, 1))
    #expect(try stock(id) == [10, 5, 5])
  }

  @Test func `a product that may be sold when out of stock goes below 0`() throws {
    let id = try product(backorder: true)
    try act { try Reservation.reserve([line("a", id, 3)], $0) }
    #expect(try stock(id) == [0, 3, -3])
    #expect(owner.get("/admin/crm/products/\(id.text)/stock").page.first("//div[contains(@class, 'loss')]")?.text.contains("-3") == true)
  }

  @Test func `a random history adds up, movement by movement`() throws {
    let id = try product(backorder: true)
    var random = SplitMix(state: 42)
    var (onHand, reserved): (Int64, Int64) = (0, 0)
    try act { act in
      for n in 0..<300 {
        let (a, b) = (Int64(random.number(20_000)) - 10_000, Int64(random.number(2_000)) - 1_000)
        try StockStore.add(StockMovement(kind: n % 2 == 0 ? .received : .reserved, onHand: a, reserved: b), to: id, act)
        (onHand, reserved) = (onHand + a, reserved + b)
      }
    }
    #expect(try office.store.read { try StockStore.stock(of: id, in: $0) } == Stock(onHand: onHand, reserved: reserved))
    var before: Int?
    var seen: [Int] = []
    var balance = Stock(onHand: onHand, reserved: reserved)
    while true {
      let page = try office.store.read { try StockStore.movements(of: id, before: before, limit: 37, in: $0) }
      for movement in page.movements {
        #expect(movement.balance == balance)
        balance = Stock(onHand: balance.onHand - movement.onHand, reserved: balance.reserved - movement.reserved)
        seen.append(movement.position)
      }
      before = page.movements.last?.position
      if !page.hasMore { break }
    }
    #expect(seen == (1...300).reversed() && balance == Stock())
  }

  @Test func `two writers who have seen the same stock don't both write`() throws {
    let id = try product()
    try enter(.received, 1, on: id)
    // As a second writer would who counted the movements before the first had written.
    #expect(throws: (any Error).self) {
      try office.store.write { db in
        try db.run(
          "INSERT INTO stock_movements (id, product_id, position, kind, reserved, at) VALUES ('x', \(id), 1, 'reserved', 1000, \(office.now))"
        )
      }
    }
  }

  @Test func `programs read and enter stock`() throws {
    let id = try product()
    let program = try TestProgram(office)
    let path = "/products/\(id.text)/stock"
    let made = program.send(.post, path, .object(["kind": "received", "quantity": "2.5"]), ["Idempotency-Key": "one"])
    #expect(made.status == 201 && made.json["on_hand"]?.string == "2.5", "\(made.text)")
    #expect(program.send(.post, path, .object(["kind": "received", "quantity": "2.5"]), ["Idempotency-Key": "one"]).text == made.text)
    let stock = program.get(path).json
    #expect(stock["available"]?.string == "2.5" && stock["items"]?.array?.count == 1)
    #expect(
      program.send(.post, path, .object(["kind": "removed", "quantity": "1"])).errors == ["reason": "Enter a reason, like “damaged”."])
    #expect(program.send(.post, path, .object(["kind": "received", "quantity": "x"])).status == 422)
    #expect(program.send(.post, path, .object(["kind": "reserved", "quantity": "1"])).status == 422)
    #expect(
      try TestProgram(office, scopes: ["products": .read]).send(.post, path, .object(["kind": "received", "quantity": "1"])).status == 403)
  }

  @Test func `what is kept of the stock is the sum of the movements, and check finds where it isn't`() throws {
    let clock = try product()
    for pieces in 1...120 {
      try enter(pieces % 3 == 0 ? .removed : .received, Int64(pieces % 7 + (pieces % 3 == 0 ? 1 : 8)), "x", on: clock)
    }
    let other = try product("Dial")
    try enter(.received, 5, on: other)
    try act { act in try Reservation.reserve([line("a", clock, 7), line("b", other, 2)], act) }
    func sums() throws -> [Int] {
      try office.store.read { db in
        try db.all("SELECT sum(on_hand), sum(reserved) FROM stock_movements GROUP BY product_id ORDER BY product_id") {
          [$0.int(0), $0.int(1)]
        }
      }.flatMap { $0 }
    }
    let kept = try [clock, other].sorted().map(stock).flatMap { [Int($0[0]) * 1000, Int($0[1]) * 1000] }
    #expect(try kept == sums())
    // Each page goes on from the balance of the one before.
    let all = try office.store.read { db in try StockStore.movements(of: clock, before: nil, limit: 500, in: db).movements }
    let older = try office.store.read { db in try StockStore.movements(of: clock, before: 61, limit: 50, in: db).movements }
    #expect(older.map(\.balance) == all.filter { $0.position < 61 }.prefix(50).map(\.balance))
    #expect(all.last?.balance.onHand == 9_000)
    #expect(try office.composition.check(office.store) == [])
    try office.store.write { db in try db.run("UPDATE product_stock SET on_hand = 1 WHERE product_id = \(clock)") }
    #expect(try office.composition.check(office.store) == ["product_stock: 1 wrong; run roost check --repair"])
    try office.composition.repair(office.store)
    #expect(try office.composition.check(office.store) == [])
    #expect(try stock(other) == [5, 2, 3])
  }
}
