import Base
import Templating
import Web

/// The page with the form of one condition of a list's filter. Where scripts run it is a dialog over the list. It is only asked for, so it needs no token:
/// what it comes to is an address of the list.
struct FilterPage: Sendable {
  let list: ListDefinition

  private static let groupSchema = ViewSchema("filter-fields", [("label", .text), ("fields", .list(.record(FieldControl.choiceSchema)))])
  static let schema = ViewSchema(
    "filter",
    [
      ("title", .text), ("action", .text), ("backHref", .text), ("removeHref", .optional(.text)),
      ("hidden", .list(.record(ListPage.hiddenShape))), ("field", .text), ("fieldError", .optional(.text)),
      ("groups", .list(.record(groupSchema))), ("operatorError", .optional(.text)),
      ("operators", .list(.record(FieldControl.choiceSchema))),
      ("controls", .list(.fragment)), ("takesMore", .bool), ("problems", .list(.record(FormRecord.problemShape))),
    ])

  /// The address of the form, for a new condition or the n-th of those that there are.
  static func href(_ state: ListState, in list: ListDefinition, editing index: Int? = nil) -> String {
    let path = state.with { _ in }.url(list.path + "/filter")
    return index.map { URLQuery.adding("edit", String($0), to: path) } ?? path
  }

  @Sendable func show(_ context: RequestContext) throws -> Response {
    var form = try FilterForm(list, context)
    if context.query["apply"] != nil, context.query["of"] == form.field?.name ?? "", let filter = try form.applied() {
      return .redirect(form.state.with { $0.filter = filter }.url(list.path))
    }
    return try context.page("lists/filter", data(form, context), status: form.errors.isEmpty ? 200 : 422)
  }

  private func data(_ form: FilterForm, _ context: RequestContext) throws -> ViewData {
    let state = form.state
    var hidden = ListFrame.pairs(state, withSearch: true)
    if let edited = form.edited { hidden.append(("edit", String(edited))) }
    func error(_ input: String) -> Value { form.errors[input].map { .text(context.text($0)) } ?? .null }
    let removing = form.edited.flatMap { state.filter?.removing($0) }
    return ViewData(
      Self.schema,
      [
        .text(list.title), .text(list.path + "/filter"), .text(state.url(list.path)),
        form.edited == nil ? .null : .text(state.with { $0.filter = removing }.url(list.path)),
        .list(hidden.map { .record(ViewData(ListPage.hiddenShape, [.text($0.0), .text($0.1)])) }),
        .text(form.field?.name ?? ""), error("field"), try groups(form, context), error("operator"),
        .list(
          (form.field?.operators ?? []).map { Self.choice($0.rawValue, $0.label, on: $0 == form.operator, context.language) }),
        .list(try form.names.indices.map { try control($0, of: form, context) }), .bool(form.takesMore),
        FormRecord.summary(form.errors, labels: labels(form), for: context),
      ])
  }

  /// First what the list shows.
  private func groups(_ form: FilterForm, _ context: RequestContext) throws -> Value {
    let user = try context.user.id.text
    let shown = try context.store.read { db in try ColumnView.find(user: user, list: list, in: db) }.columns
    let first = shown.compactMap { id in form.fields.first { $0.name == id } }
    let others = form.fields.filter { !shown.contains($0.name) }
    return .list(
      [("Shown", first), ("Other fields", others)].filter { !$0.1.isEmpty }.map { label, fields in
        .record(
          ViewData(
            Self.groupSchema,
            [
              .text(label), .list(fields.map { Self.choice($0.name, $0.label, on: $0 === form.field, context.language) }),
            ]))
      })
  }

  private func control(_ index: Int, of form: FilterForm, _ context: RequestContext) throws -> Value {
    let kind = form.input.kind
    let field = Field(form.names[index], labels(form)[form.names[index]] ?? "", kind)
    let control = FieldControl(
      field: field, form: form.inputs, errors: form.errors, context: context, isNew: true, record: nil, isFirst: false)
    return try context.fragment(kind.template.name, try kind.control(control))
  }

  private func labels(_ form: FilterForm) -> [String: String] {
    var labels = ["field": "Field", "operator": "Condition"]
    let joined = form.operator == .hasAll ? "And" : "Or"
    for (index, name) in form.names.enumerated() {
      labels[name] = form.operator.arity == .two ? ["From", "To"][index] : index == 0 ? "Value" : joined
    }
    return labels
  }

  private static func choice(_ value: String, _ label: String, on: Bool, _ language: Language) -> Value {
    .record(ViewData(FieldControl.choiceSchema, [.text(value), .text(language.text(label)), .bool(on)]))
  }
}
