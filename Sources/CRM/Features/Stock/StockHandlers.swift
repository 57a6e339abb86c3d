import Admin
import Base
import Store
import Web

/// What the Stock tab of a product posts.
enum StockHandlers {
  private static let type = RecordType.product

  static let routes: [Route] = [
    .post(type.path + "/{id}/stock", .write(.products), draft: draft, enter),
    .post(type.path + "/{id}/stock/{movement}/undo", .write(.products), undo),
  ]

  @Sendable private static func draft(_ context: RequestContext) throws -> Response {
    try StockTab.page(context, try context.header(of: type), try context.form())
  }

  @Sendable private static func enter(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: type)
    let form = try context.form()
    var reader = FormReader(form, single: ["kind", "quantity", "reason"], formats: context.formats)
    var entry = StockActs.Entry()
    entry.kind = StockMovement.Kind(rawValue: reader.choice("kind", of: StockTab.kinds.map(\.0))) ?? .received
    entry.reason = reader.line("reason", atMost: StockActs.longestReason)
    do throws(InvalidValue) {
      let quantity = try Stock.kind.parse(typed: reader.line("quantity", atMost: 40), context.formats)
      if let n = quantity.number { entry.quantity = Int64(n) } else { reader.problem("quantity", Message("Enter a quantity.")) }
    } catch {
      reader.problem("quantity", error.message)
    }
    guard reader.problems.isEmpty else { return try StockTab.page(context, header, form, reader.problems) }
    let outcome = try context.act { act in try StockActs.enter(entry, on: header, act) }
    if case .invalid(let errors) = outcome { return try StockTab.page(context, header, form, errors) }
    return context.redirect(to: header.href + "/stock", outcome, Message("Stock updated."), orElse: Message("Nothing to change."))
  }

  @Sendable private static func undo(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: type)
    let id = try context.id("movement")
    let outcome = try context.act { act -> Outcome in
      // Looked up in the transaction: of two who undo it one does.
      guard let movement = try StockStore.find(id, of: header.id, in: act.db) else { throw HTTPError.notFound }
      return try StockActs.undo(movement, on: header, act)
    }
    if case .invalid(let errors) = outcome { return try StockTab.page(context, header, FormFields(), errors) }
    return context.redirect(to: header.href + "/stock", outcome, Message("Movement undone."), orElse: Message("Already undone."))
  }
}
