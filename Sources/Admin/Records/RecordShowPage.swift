import Base
import Store
import Templating
import Web

/// A record's Overview: its panels, its notes and the rest of its fields as details.
package struct RecordShowPage {
  let record: Record
  var noteProblem: Message?

  static let noteSchema = ViewSchema(
    "note",
    [
      ("id", .text), ("text", .text), ("by", .text), ("at", .text), ("time", .text), ("isEdited", .bool), ("editHref", .optional(.text)),
      ("deleteHref", .optional(.text)),
    ])
  private static let detailSchema = ViewSchema(
    "detail",
    [
      ("label", .text), ("lines", .list(.text)), ("href", .optional(.text)), ("edit", .optional(.text)), ("markup", .optional(.html)),
      ("remark", .optional(.text)),
    ])
  static let schema = ViewSchema(
    "record-overview",
    [
      ("record", .record(RecordFrame.shape)), ("main", .list(.fragment)), ("before", .list(.fragment)), ("after", .list(.fragment)),
      ("details", .list(.record(detailSchema))),
      ("notes", .list(.record(noteSchema))), ("noteDraft", .text), ("noteProblem", .optional(.text)), ("createdAt", .text),
      ("created", .text), ("updatedAt", .text), ("updated", .text),
    ])

  func data(for context: RequestContext, in db: Database) throws -> ViewData {
    let formats = context.formats
    func panels(_ places: RecordPanel.Place...) throws -> Value {
      let all = record.type.panels + (record.type.isAnchor ? context.composition.recordPanels : [])
      return .list(
        try places.flatMap { place in
          try all.filter { $0.place == place }.compactMap { panel in
            try panel.data(record, context, db).map { try context.fragment(panel.template, $0) }
          }
        })
    }
    return ViewData(
      Self.schema,
      [
        .record(try RecordFrame.record(record.header, record.type, tab: "overview", for: context)), try panels(.lead, .main),
        try panels(.beforeDetails),
        try panels(.afterDetails),
        try details(formats, mayEdit: context.may(.write, on: record.type.resource) && !record.isTrashed, within: context.reach, in: db),
        .list(record.notes.map { note($0, for: context) }),
        .text((context.isDraft || noteProblem != nil ? try context.form()["note"] : context.query["note"]) ?? ""),
        noteProblem.map { .text(context.text($0)) } ?? .null, .text(record.createdAt),
        .text(formats.minute(record.createdAt)), .text(record.updatedAt),
        .text(formats.minute(record.updatedAt)),
      ])
  }

  private func note(_ note: Note, for context: RequestContext) -> Value {
    let (user, level) = (context.session?.user.id.text, context.level(on: record.type.resource))
    let isOpen = !record.isTrashed && level >= .write && !note.id.isEmpty
    let href = "\(record.header.href)/notes/\(note.id)"
    return .record(
      ViewData(
        Self.noteSchema,
        [
          .text(note.id), .text(note.text), .text(note.by), .text(note.at), .text(context.formats.minute(note.at)),
          .bool(note.editedAt != nil), isOpen && note.mayEdit(user, level) ? .text(href + "/edit") : .null,
          isOpen && note.mayDelete(user, level) ? .text(href + "/delete") : .null,
        ]))
  }

  /// What is there, in the order of the form.
  private func details(_ formats: Formats, mayEdit: Bool, within reach: RecordReach, in db: Database) throws -> Value {
    var details: [Value] = []
    let edit = mayEdit ? record.type.path(of: record.id.text) + "/fields/" : nil
    func add(
      _ name: String, _ label: String, _ lines: [String], isTyped: Bool = true, href: String? = nil, markup: HTML? = nil,
      remark: Message? = nil
    ) {
      guard !lines.isEmpty else { return }
      details.append(
        .record(
          ViewData(
            Self.detailSchema,
            [
              .text(label), .list(lines.map { .text($0) }), href.map { .text($0) } ?? .null,
              isTyped ? edit.map { .text($0 + name) } ?? .null : .null,
              markup.map { .html($0) } ?? .null, remark.map { .text(formats.language.text($0.text)) } ?? .null,
            ])))
    }
    for section in record.type.sections {
      if let lines = section.lines {
        add(section.id, section.title, lines(record, formats))
        continue
      }
      for field in section.fields where field.isDetail {
        let value = try field.kind.visible(record[field.name], within: reach, in: db)
        guard !value.isEmpty else { continue }
        let lines = field.kind.display(field.kind.history(value), formats).split(separator: "\n").map(String.init)
        add(
          field.name, field.label, lines, isTyped: record.isOpen(field), href: field.kind.href(value), markup: field.kind.markup(value),
          remark: try field.kind.remark(value, in: db))
      }
    }
    return .list(details)
  }
}
