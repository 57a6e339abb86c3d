import Base
import Store
import Templating
import Web

/// The choice between two versions of a record's fields.
struct ConflictPage {
  /// Put together with what is stored, and made from its version.
  var form: RecordForm
  let record: Record
  let conflicts: [Field]
  let base: RecordBase
  /// Where it posts to.
  let action: String
  var isReversion = false
  var isInline = false
  /// Where they say something else than of a record.
  var title: Message?
  var href: String?

  func response(for context: RequestContext) throws -> Response {
    let type = record.type
    let mine = try context.store.read { db in
      try type.named(form.values, over: record.values, context.act(in: db, as: Principal(context.user)))
    }
    let me = context.session?.user.id.text
    func name(_ author: Actor) -> String { author.id == me ? "" : author.name }
    let last =
      try conflicts.compactMap { base.authors[$0.name].map(name) }.last
      ?? context.store.read { db in
        try Activity.entries(of: type.name, record.id, before: nil, limit: 1, in: db).first?.actorName ?? ""
      }
    let reach = try context.reach
    let rows = try conflicts.map { field in
      func shown(_ values: [FieldValue]) throws -> String {
        guard let index = type.index(of: field.name) else { return "" }
        let seen = try context.store.read { db in try field.kind.visible(values[index], within: reach, in: db) }
        return field.kind.display(field.kind.history(seen), context.formats)
      }
      return try ConflictChoices.Row(
        field.name, label: field.label, theirs: shown(record.values), yours: shown(mine), by: base.authors[field.name].map(name) ?? last,
        // Where nobody knows who changed what, nothing is written over unless somebody says so.
        keepsMine: base.values != nil)
    }
    return try ConflictChoices(
      title: title ?? Message("Edit {name}", ["name": record.name]), by: last, action: action, fields: form.form.fields,
      version: record.version,
      recordHref: href ?? type.path(of: record.id.text), rows: rows, isReversion: isReversion, isInline: isInline
    ).response(for: context)
  }
}

extension RecordForm {
  /// The form brought together with what others have saved since it was made.
  func merged(_ merge: Merge, into stored: Record, in formats: Formats) -> RecordForm {
    var form = self
    form.version = stored.version
    for (index, field) in type.fields.enumerated() where merge.values[index] != values[index] {
      form.set(field, merge.values[index], in: formats)
    }
    return form
  }
}

extension RecordBase {
  /// What others changed since, as the answer to a form says it: "Maria changed Job title and City while you were editing."
  func notice(_ type: RecordType, for context: RequestContext) -> Message? {
    guard !authors.isEmpty else { return nil }
    let me = context.session?.user.id.text
    let others = Set(authors.values.filter { $0.id != me }.map(\.name)).sorted().joined(separator: ", ")
    let fields = type.fields.filter { authors[$0.name] != nil }.map { context.language.text($0.label) }.joined(separator: ", ")
    if others.isEmpty { return Message("You also changed {fields} in another window.", ["fields": fields]) }
    return Message("{names} changed {fields} while you were editing.", ["names": others, "fields": fields])
  }
}
