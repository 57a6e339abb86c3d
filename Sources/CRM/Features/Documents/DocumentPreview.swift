import Admin
import Base
import Money
import Store
import Web

/// What a document's form comes to while it is typed: the figures that saving it would give, by the same function.
struct DocumentPreview: Sendable {
  let type: @Sendable () -> RecordType
  let resource: Resource
  let path: String

  var route: Route { .post(path + "/preview", .write(resource), effort: .read, keepsForms: false, show) }

  @Sendable private func show(_ context: RequestContext) throws -> Response {
    let type = type()
    let posted = try context.form()
    let kind = type.field("lines")?.kind as? DocumentLinesField ?? DocumentLinesField(path: path)
    let blank = kind.blankRows(posted)
    let count = posted.all("line_name").count
    let principal = Principal(try context.user)
    let (edited, scope) = (context.query["record"].flatMap { RecordID($0) }, try context.scope(of: resource))
    return try context.store.read { db in
      let stored = try edited.flatMap { try RecordStore.find($0, of: type, scope, in: db) }
      let form = RecordForm.posted(posted, of: type, over: stored, in: context.formats)
      let act = context.act(in: db, as: principal)
      let (values, found) = try type.preview(form.values, over: stored, act)
      var errors = form.errors
      errors.add(found)
      let document = DocumentValues(values, of: type)
      // What is missing elsewhere, like the customer of a new document, has no part in the figures.
      let isPriced =
        ["lines", "discount", "shipping", "shipping_vat", "currency"].allSatisfy { errors[$0] == nil }
        && (0..<count).allSatisfy { errors["line-\($0)"] == nil }
      let totals = isPriced ? try? document.totals() : nil
      let view = DocumentView(document, context.formats)
      let lines = document.lines
      var next = 0
      let rows = (0..<count).map { row -> JSON in
        if blank.contains(row) || next >= lines.count { return .null }
        defer { next += 1 }
        let line = lines[next]
        let total = (totals?.lines[next]).flatMap { $0 }
        return .object([
          "price": .string(line.typedPrice(context.formats)), "quantity": .string(line.typedQuantity(context.formats)),
          "unit": .string(line.unit), "vat": .string(line.vat?.id ?? ""), "total": .string(total.map { view.number($0.total) } ?? ""),
          "error": errors["line-\(next)"].map { .string(context.text($0)) } ?? .null,
        ])
      }
      let sums = totals.map { view.sums($0) } ?? []
      return .json(
        Array(
          JSON.object([
            "lines": .array(rows),
            "sums": .array(
              sums.map { sum in
                .object(["label": .string(sum.label), "detail": .string(sum.detail), "amount": .string(sum.amount)])
              }),
            "error": (errors["currency"] ?? errors["lines"] ?? errors["discount"] ?? errors["shipping"]).map { .string(context.text($0)) }
              ?? .null,
          ]).text.utf8))
    }
  }
}
