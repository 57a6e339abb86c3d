import Base
import Store
import Web

/// From a record to the next or the previous one in the list that one came from. Which that is, is looked up when somebody asks for it.
struct RecordSteps: Sendable {
  let type: RecordType

  var routes: [Route] {
    RecordStep.allCases.map { step in
      .get("\(type.path)/{id}/\(step.rawValue)", .see(type.resource), effort: .read) { context in try answer(context, step) }
    }
  }

  private func answer(_ context: RequestContext, _ step: RecordStep) throws -> Response {
    let list = type.list
    let state = (try? context.listState(of: list)) ?? ListState(tab: list.tabs[0])
    let tab = context.composition.tabs(of: type).first { $0.id == context.query["tab"] }
    func address(_ id: RecordID) -> String { type.path(of: id.text) + (tab.map { "/" + $0.id } ?? "") }
    return try context.store.read { db in
      let record = try context.header(of: type, in: db).id
      let query = try ListQuery(
        list: list, state: state, columns: [], scope: context.scope(of: list.resource), reach: context.reach,
        moment: context.filterMoment, in: db)
      let found = try query.neighbour(step, of: record, in: db)
      ListOrigin(list: list, record: found?.record ?? record, state: found?.state ?? state).keep(for: context)
      if let found { return context.redirect(to: address(found.record)) }
      return context.redirect(
        to: address(record),
        Flash(Message(step == .next ? "This is the last record in the list." : "This is the first record in the list.")))
    }
  }
}
