import Base
import Store
import Templating
package import Web

/// The page on which a user arranges a list's columns. A dialog where scripts run, a page of its own where they don't: every button is a submit.
package struct Customizer: Sendable {
  let list: ListDefinition

  static let columnShape = ViewSchema(
    "column", [("id", .text), ("label", .text), ("isRequired", .bool), ("isFirst", .bool), ("isLast", .bool), ("widths", .html)])
  static let shape = ViewSchema(
    "customizer",
    [
      ("title", .text), ("action", .text), ("returnTo", .text), ("shown", .list(.record(columnShape))),
      ("available", .list(.record(columnShape))), ("isCards", .bool), ("widths", .html),
    ])

  @Sendable func show(_ context: RequestContext) throws -> Response {
    let user = try context.user.id.text
    let view = try context.store.read { db in try ColumnView.find(user: user, list: list, in: db) }
    return try page(context, draft: view, returnTo: context.query["return_to"])
  }

  /// Moves within the draft answer with the page again; only `apply` and `reset` are kept.
  @Sendable package func save(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let returnTo = form["return_to"]
    let user = try context.user.id.text
    if form["resize"] != nil { return try resize(form, context) }
    var draft = try sent(form, context)
    if let id = form["move_up"] {
      draft.move(id, by: -1)
      return try page(context, draft: draft, returnTo: returnTo)
    }
    if let id = form["move_down"] {
      draft.move(id, by: 1)
      return try page(context, draft: draft, returnTo: returnTo)
    }
    if let id = form["remove"] {
      draft.columns.removeAll { $0 == id && list.column($0)?.isRequired == false }
      return try page(context, draft: draft, returnTo: returnTo)
    }
    if let id = form["add"] {
      if !draft.columns.contains(id) { draft.columns.append(id) }
      return try page(context, draft: draft, returnTo: returnTo)
    }
    if form["reset"] != nil { draft = .standard(for: list) }
    let view = draft.repaired(for: list)
    try context.store.write { db in try view.save(user: user, list: list, in: db) }
    return context.redirect(to: list.path)
  }

  /// A heading's edge was dragged: one column gets another width, and nothing else changes. Answers which style sheet has the widths now.
  private func resize(_ form: FormFields, _ context: RequestContext) throws -> Response {
    let user = try context.user.id.text
    let view = try context.store.write { db in
      var view = try ColumnView.find(user: user, list: list, in: db)
      try view.takeWidths(from: form, of: list)
      let repaired = view.repaired(for: list)
      try repaired.save(user: user, list: list, in: db)
      return repaired
    }
    return .json(Array(JSON.object(["styles": .string(ColumnStyles(list: list).href(for: view) ?? "")]).text.utf8))
  }

  /// The arrangement as it was sent, not kept yet.
  private func sent(_ form: FormFields, _ context: RequestContext) throws -> ColumnView {
    let user = try context.user.id.text
    var view = try context.store.read { db in try ColumnView.find(user: user, list: list, in: db) }
    if form["resize"] == nil { (view.columns, view.layout) = (form.all("columns"), ListLayout(rawValue: form["view"] ?? "") ?? .table) }
    try view.takeWidths(from: form, of: list)
    return view
  }

  @Sendable func draft(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    return try page(context, draft: try sent(form, context), returnTo: form["return_to"])
  }

  private func page(_ context: RequestContext, draft: ColumnView, returnTo: String?) throws -> Response {
    let view = draft.repaired(for: list)
    let shown = view.columns.compactMap { list.column($0) }
    let available = list.columns.filter { column in !view.columns.contains(column.id) }
    return try context.page(
      "lists/columns",
      ViewData(
        Self.shape,
        [
          .text(list.title), .text(list.path + "/columns"), .text(LocalPath.isSafe(returnTo ?? "") ? returnTo ?? list.path : list.path),
          .list(
            shown.enumerated().map {
              Self.record($1, isFirst: $0 == 0, isLast: $0 == shown.count - 1, width: view.widths[$1.id], context.language)
            }),
          .list(available.map { Self.record($0, isFirst: false, isLast: false, width: nil, context.language) }),
          .bool(view.layout == .cards), ColumnWidth.options(nil, in: context.language),
        ]))
  }

  private static func record(_ column: Column, isFirst: Bool, isLast: Bool, width: ColumnWidth?, _ language: Language) -> Value {
    .record(
      ViewData(
        columnShape,
        [
          .text(column.id), .text(language.text(column.label)), .bool(column.isRequired), .bool(isFirst), .bool(isLast),
          ColumnWidth.options(width, in: language),
        ]))
  }
}

extension ColumnView {
  /// Moves a column up (-1) or down (1); at the end of the list it stays.
  mutating func move(_ id: String, by step: Int) {
    guard let from = columns.firstIndex(of: id), columns.indices.contains(from + step) else { return }
    columns.swapAt(from, from + step)
  }

  /// Takes over what a form says of widths, `width_email=56` or nothing for the usual one. A column that it doesn't name keeps what it has.
  mutating func takeWidths(from form: FormFields, of list: ListDefinition) throws {
    for column in list.columns {
      guard let text = form["width_" + column.id] else { continue }
      let width = ColumnWidth(text)
      guard width != nil || text.isEmpty else { throw HTTPError.badRequest(Message("Unknown width “{name}”.", ["name": text])) }
      widths[column.id] = width
    }
  }
}
