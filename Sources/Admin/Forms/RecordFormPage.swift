import Base
import Store
import Templating
import Web

/// The page with a record's form: new, edit or failed.
package struct RecordFormPage {
  let form: RecordForm
  /// `nil` for a new record.
  var record: Record?
  /// Whether it holds what isn't saved yet.
  var isChanged = false

  private static let sectionSchema = ViewSchema(
    "form-section", [("id", .text), ("title", .text), ("hint", .text), ("controls", .list(.fragment))])
  static let schema = ViewSchema(
    "record-form",
    [
      ("id", .text), ("isNew", .bool), ("title", .text), ("newLabel", .text), ("createLabel", .text), ("action", .text),
      ("cancelHref", .text),
      ("version", .int), ("takesUploads", .bool), ("sections", .list(.record(sectionSchema))), ("note", .record(FormRecord.fieldShape)),
      ("problems", .list(.record(FormRecord.problemShape))), ("isChanged", .bool), ("lock", .text),
    ])

  func data(for context: RequestContext) throws -> ViewData {
    let type = form.type
    let href = record.map { type.path(of: $0.id.text) } ?? type.path
    let error: Value = form.errors["note"].map { .text(context.text($0)) } ?? .null
    return ViewData(
      Self.schema,
      [
        .text(type.name + "-form"), .bool(record == nil), .text(record?.name ?? ""), .text(type.words.new), .text(type.words.create),
        .text(href), .text(href), .int(form.version), .bool(type.takesUploads),
        .list(
          try type.sections.filter { $0.fields.contains(where: shows) }.map { .record(try section($0, for: context)) }),
        .record(ViewData(FormRecord.fieldShape, [.text(form.note), error])),
        FormRecord.summary(form.errors, of: type, for: context), .bool(isChanged || !form.errors.isEmpty),
        .text(record?.lock.map { context.text($0.reason) } ?? ""),
      ])
  }

  /// What is locked is shown only where somebody has changed it before it was.
  private func shows(_ field: Field) -> Bool {
    guard let record, !field.isReadOnly, !record.isOpen(field) else { return !field.isReadOnly }
    let index = form.type.index(of: field.name) ?? 0
    return form.values[index] != record.values[index] || field.kind.inputs(field.name).all.contains { form.errors[$0] != nil }
  }

  private func section(_ section: FormSection, for context: RequestContext) throws -> ViewData {
    let first = record == nil && form.errors.isEmpty ? form.type.fields.first { !$0.isReadOnly }?.name : nil
    return ViewData(
      Self.sectionSchema,
      [
        .text(section.id), .text(section.title), .text(section.hint),
        .list(
          try section.fields.filter(shows).map { field in
            let control = FieldControl(
              field: field, form: form.form, errors: form.errors, context: context, isNew: record == nil, record: record,
              isFirst: field.name == first)
            return try context.fragment(field.kind.template.name, try field.kind.control(control))
          }),
      ])
  }
}
