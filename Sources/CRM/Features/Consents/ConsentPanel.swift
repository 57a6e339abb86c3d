import Admin
import Base
import Store
import Templating

extension Consent {
  private static let channelSchema = ViewSchema("consent-channel", [("id", .text), ("label", .text), ("isGiven", .bool), ("since", .text)])
  private static let changeSchema = ViewSchema(
    "consent-change",
    [("what", .text), ("how", .text), ("remark", .text), ("by", .text), ("at", .text), ("time", .text), ("text", .optional(.text))])

  /// The present state of each channel, with a button to give or withdraw it, and how it came about.
  static let panel = RecordPanel(
    place: .afterDetails, template: "consents/panel",
    schema: ViewSchema(
      "consents",
      [
        ("href", .text), ("mayWrite", .bool), ("isOptedOut", .bool), ("optedOutSince", .text), ("channels", .list(.record(channelSchema))),
        ("changes", .list(.record(changeSchema))), ("channelOptions", .html), ("ways", .html), ("text", .optional(.text)),
        ("textVersion", .int),
      ])
  ) { schema, record, context, db in
    let changes = try changes(of: record.id, in: db)
    let formats = context.formats
    let given = ChoicesField.chosen(record["consent"])
    let text = try currentText(in: db)
    func since(_ channel: String) -> String {
      changes.first { $0.channel == channel && $0.way != "earlier" }.map { formats.day($0.at) } ?? ""
    }
    return ViewData(
      schema,
      [
        .text(record.header.href + "/consent"), .bool(!record.isTrashed && context.may(.write, on: .contacts)),
        .bool(!record["opted_out"].isEmpty), .text(formats.day(record["opted_out"].text)),
        .list(
          channels.map { id, label in
            .record(
              ViewData(
                channelSchema, [.text(id), .text(label), .bool(given.contains(id)), .text(given.contains(id) ? since(id) : "")]))
          }),
        .list(changes.map { change($0, context) }),
        context.choices(channels.map { (value: $0.0, label: $0.1) }).options,
        context.choices(ways.map { (value: $0.0, label: $0.1) }).options,
        text.map { .text($0.text) } ?? .null, .int(text?.version ?? 0),
      ])
  }

  private static func change(_ change: Change, _ context: RequestContext) -> Value {
    .record(
      ViewData(
        changeSchema,
        [
          .text(context.text(change.what)), .text(change.how.map(context.text) ?? ""), .text(change.remark), .text(change.actorName),
          .text(change.at), .text(context.formats.minute(change.at)), change.text.map { .text($0.text) } ?? .null,
        ]))
  }
}
