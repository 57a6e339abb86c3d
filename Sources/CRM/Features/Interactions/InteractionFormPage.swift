import Admin
import Base
import Store
import Templating
import Web

/// The composer, as templates see it: over a feed, or on the page where one interaction is edited.
struct InteractionFormPage {
  var form: InteractionForm
  let kind: RecordType
  let anchor: RecordHeader
  /// What is edited; `nil` for a new one.
  var interaction: Interaction?
  /// Whom the form names, with the words to show for each.
  var people: [Party] = []
  /// Who was found for what was looked for.
  var found: [Party]?
  var uploads: [Uploads.Upload] = []
  var files: [MediaFile] = []
  /// Whether somebody came to fill it in.
  var isWanted = false

  static let fieldsShape = FormRecord.shape("interaction-fields", InteractionForm.fields)
  static let typeShape = ViewSchema("interaction-type", [("value", .text), ("label", .text), ("icon", .text), ("on", .bool)])
  static let partyShape = ViewSchema("party", [("value", .text), ("name", .text), ("details", .text), ("icon", .text)])
  static let shape = ViewSchema(
    "composer",
    [
      ("action", .text), ("cancelHref", .text), ("isNew", .bool), ("isOpen", .bool), ("startsHere", .bool), ("showsAll", .bool),
      ("version", .int), ("base", .text), ("fields", .record(fieldsShape)),
      ("types", .list(.record(typeShape))), ("directions", .html), ("people", .list(.record(partyShape))),
      ("found", .optional(.list(.record(partyShape)))), ("problems", .list(.record(FormRecord.problemShape))),
      ("waiting", .list(.record(FilesTab.waitingShape))),
      ("attached", .list(.record(attachedShape))), ("limit", .text),
    ])
  static let attachedShape = ViewSchema("attached", [("id", .text), ("name", .text), ("on", .bool)])
  static let pageShape = ViewSchema("interaction-page", [("record", .record(RecordFrame.shape)), ("composer", .record(shape))])

  func record(for context: RequestContext) -> ViewData {
    let href = kind.path(of: anchor.id.text) + "/interactions"
    func party(_ party: Party) -> Value { Self.party(party, context.composition.records) }
    let values = [
      "type": form.type, "direction": form.direction, "occurred_at": form.occurredAt, "zone": form.zone, "duration": form.duration,
      "outcome": form.outcome, "subject": form.subject, "body": form.body, "party_text": form.partyText, "follows": form.follows,
    ]
    let labels = context.composition.details.mapValues(\.label)
    return ViewData(
      Self.shape,
      [
        .text(interaction.map { href + "/" + $0.id.text } ?? href), .text(href), .bool(interaction == nil),
        .bool(form.isTouched || !form.follows.isEmpty || isWanted), .bool(isWanted),
        .bool(form.hasDetails || found != nil || !form.zone.isEmpty && form.zone != context.session?.user.timeZone), .int(form.version),
        .text(interaction == nil ? "" : form.baseText),
        .record(FormRecord.record(Self.fieldsShape, InteractionForm.fields, values: values, problems: form.problems, for: context)),
        .list(
          Interaction.kinds.filter { $0.id == form.type || $0.id != "task" }.map {
            .record(ViewData(Self.typeShape, [.text($0.id), .text($0.label), .text($0.icon), .bool($0.id == form.type)]))
          }),
        context.choices(Interaction.directions).options(selected: form.direction),
        .list(people.map(party)), found.map { .list($0.map(party)) } ?? .null,
        FormRecord.summary(form.problems, labels: labels, for: context),
        .list(uploads.map(FilesTab.waiting)),
        .list(
          files.map { file in
            .record(ViewData(Self.attachedShape, [.text(file.id.text), .text(file.name), .bool(form.attachments.contains(file.id))]))
          }), .text(context.formats.size(context.services.media.limits.file)),
      ])
  }

  private static func party(_ party: Party, _ records: RecordTypes) -> Value {
    .record(ViewData(partyShape, [.text(party.who.posted), .text(party.name), .text(party.details), .text(party.who.icon(records))]))
  }
}
