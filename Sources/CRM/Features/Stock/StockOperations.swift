import Admin
import Base
import Store
import Web

/// The stock of products, for programs.
enum StockOperations {
  private static let type = RecordType.product
  private static let quantity = JSONShape.text(atLeast: 1, atMost: 40)

  static let all: [APIOperation] = {
    let (name, path) = (type.list.name, "/\(type.list.name)/{id}/stock")
    return [
      APIOperation(
        .get, path, id: name + "_stock", group: name, "Read the stock and its movements", access: .see(type.resource), parameters: [.after],
        output: (200, .named("Stock")), .read(read)),
      APIOperation(
        .post, path, id: name + "_stock_change", group: name, "Enter a stock movement", access: .write(type.resource),
        parameters: [.idempotencyKey],
        input: .object([
          .init("kind", .choice(StockTab.kinds.map(\.0))),
          .init("quantity", quantity, note: "What came in, went out or was counted: “2” or “0.5”."),
          .init("reason", .text(atMost: StockActs.longestReason), isRequired: false, note: "Required for what is removed."),
        ]),
        output: (201, .named("StockMovement")), .write(enter)),
    ]
  }()

  static let shapes: [(name: String, shape: JSONShape)] = [
    (
      "StockMovement",
      .object([
        .init("id", .id), .init("kind", .choice(StockMovement.Kind.allCases.map(\.rawValue))),
        .init("on_hand", quantity, note: "The change."),
        .init("reserved", quantity, note: "The change."), .init("reason", .text()), .init("by", .text()), .init("at", .moment),
      ])
    ),
    (
      "Stock",
      .object([
        .init("on_hand", quantity), .init("reserved", quantity), .init("available", quantity),
        .init("items", .list(.named("StockMovement"))),
        .init("next", .optional(.text()), note: "The address of the next page; null on the last one."),
      ])
    ),
  ]

  private static let pageSize = 50

  private static func text(_ quantity: Int64) -> JSON { .string(Stock.text(quantity)) }

  @Sendable private static func read(_ context: RequestContext, _ db: Database) throws -> APIAnswer {
    let header = try context.header(of: type, in: db)
    let before = try context.query["after"].map { text -> Int in
      guard let position = Int(text), position > 0 else {
        throw APIProblem(.badRequest, Message("This link is broken. Go to the first page."))
      }
      return position
    }
    let stock = try StockStore.stock(of: header.id, in: db)
    let found = try StockStore.movements(of: header.id, before: before, limit: pageSize, in: db)
    let next = found.hasMore ? found.movements.last.map { URLQuery.append([("after", String($0.position))], to: context.path) } : nil
    return APIAnswer(
      .object([
        "on_hand": text(stock.onHand), "reserved": text(stock.reserved), "available": text(stock.available),
        "items": .array(found.movements.map(json)), "next": next.map { .string($0) } ?? .null,
      ]))
  }

  @Sendable private static func enter(_ context: RequestContext, _ sent: JSON, _ act: ActContext) throws -> APIAnswer {
    let header = try context.header(of: type, in: act.db)
    var entry = StockActs.Entry()
    entry.kind = StockMovement.Kind(rawValue: sent["kind"]?.string ?? "") ?? .received
    entry.reason = TextNormalizing.line(sent["reason"]?.string ?? "")
    do throws(InvalidValue) {
      let quantity = try Stock.kind.parse(TextNormalizing.line(sent["quantity"]?.string ?? ""))
      guard let n = quantity.number else { throw InvalidValue(Message("Enter a quantity.")) }
      entry.quantity = Int64(n)
    } catch {
      throw APIProblem(.invalid, faults: [.init("/quantity", error.message)])
    }
    let id = try StockActs.enter(entry, on: header, act).id(of: nil)
    guard let movement = try StockStore.find(id, of: header.id, in: act.db) else { throw HTTPError.notFound }
    return APIAnswer(json(movement), status: 201)
  }

  private static func json(_ movement: StockMovement) -> JSON {
    .object([
      "id": .string(movement.id), "kind": .string(movement.kind.rawValue), "on_hand": text(movement.onHand),
      "reserved": text(movement.reserved), "reason": .string(movement.reason), "by": .string(movement.by), "at": .string(movement.at),
    ])
  }
}
