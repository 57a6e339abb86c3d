import Admin
import Base
import Store
import Templating
import Web

/// A person's ways to be reached.
struct ChannelsField: RowsKind {
  let row = "channel"
  let rowInputs = [("channel_type", "email"), ("channel_label", ""), ("channel_value", ""), ("channel_primary", "")]
    .map { (name: $0.0, blank: $0.1) }

  func value(_ row: borrowing Row, at offset: Int) -> FieldValue {
    let stored = row.text(offset)
    return stored == "{}" ? .empty : .text(stored)
  }

  func stored(_ value: FieldValue) -> [SQLValue] { [.text(value.isEmpty ? "{}" : value.text)] }

  func renewed(_ value: FieldValue) -> FieldValue { Channel.value(Channel.list(value)) }

  var dependsOnCountry: Bool { true }

  // MARK: Text

  func text(_ value: FieldValue) -> String { Channel.list(value).map(\.text).joined(separator: "\n") }

  /// As people write it; as it is stored where a label could be taken for the end of itself.
  func exported(_ value: FieldValue, in db: Database) -> String {
    Channel.list(value).contains { $0.label.contains("):") } ? value.text : text(value)
  }

  /// A line for each, `email (work): ann@example.com`; the first of its kind is the primary one.
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    var channels = text.hasPrefix("{") ? Channel.list(.text(text)) : []
    if let problem = channels.lazy.compactMap(\.problem).first { throw InvalidValue(problem) }
    for line in text.split(whereSeparator: \.isNewline) where channels.isEmpty || !text.hasPrefix("{") {
      guard let channel = Channel(String(line), isPrimary: false) else {
        throw InvalidValue(Message("Enter one contact detail per line, like email (work): ann@example.com."))
      }
      if let problem = channel.problem { throw InvalidValue(problem) }
      channels.append(channel)
    }
    if channels.count > Channel.most { throw InvalidValue(.tooManyChannels) }
    return Channel.value(channels)
  }

  func json(_ value: FieldValue) -> JSON {
    .array(
      Channel.list(value).map {
        .object([
          "type": .string($0.kind.rawValue), "label": .string($0.label), "value": .string($0.value), "primary": .bool($0.isPrimary),
        ])
      })
  }

  func writeJSON(_ row: borrowing Row, at offset: Int, to out: inout [UInt8]) {
    let start = out.count
    guard !row.withUTF8(offset, { Channel.copy($0, to: &out) }) else { return }
    out.removeSubrange(start...)
    json(value(row, at: offset)).write(to: &out)
  }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if let text = json.string { return try parse(text) }
    let channels = (json.array ?? []).map { item in
      Channel(
        kind: Channel.Kind(rawValue: item["type"]?.string ?? "") ?? .url, label: TextNormalizing.line(item["label"]?.string ?? ""),
        value: TextNormalizing.line(item["value"]?.string ?? ""), isPrimary: item["primary"] == .bool(true))
    }
    if let problem = channels.lazy.compactMap(\.problem).first { throw InvalidValue(problem) }
    return Channel.value(channels)
  }

  var jsonShape: JSONShape { shape(isInput: false) }

  /// The first of its type is the primary one, unless another says so.
  var jsonInput: JSONShape { shape(isInput: true) }

  private func shape(isInput: Bool) -> JSONShape {
    .list(
      .object([
        .init("type", .choice(Channel.Kind.allCases.map(\.rawValue))), .init("label", .text(atMost: 60), isRequired: !isInput),
        .init("value", .text(atLeast: 1, atMost: 255)), .init("primary", .boolean, isRequired: !isInput),
      ]), atMost: Channel.most)
  }

  func addresses(_ value: FieldValue) -> [String] { Channel.list(value).filter { $0.kind != .url }.map(\.value) }

  func searchWords(_ value: FieldValue) -> [String] {
    Channel.list(value).flatMap { channel in
      switch channel.kind {
      case .phone, .whatsapp: PhoneWords.indexed(channel.value)
      case .email, .url: SearchWords.indexed(channel.value)
      }
    }
  }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    func key(_ channel: Channel) -> String { channel.kind.rawValue + " " + channel.value }
    let merged = ListMerge.rows(Channel.list(base), Channel.list(mine), Channel.list(theirs), by: key) { old, my, their in
      guard let label = ListMerge.part(old?.label, my.label, their.label) else { return nil }
      return Channel(
        kind: my.kind, label: label, value: my.value, isPrimary: ListMerge.part(old?.isPrimary, my.isPrimary, their.isPrimary) ?? false)
    }
    // Which is the primary one can't be two.
    guard let merged, Channel.Kind.allCases.allSatisfy({ kind in merged.count { $0.kind == kind && $0.isPrimary } < 2 }) else { return nil }
    return Channel.value(merged)
  }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(single: ["email", "phone"], repeated: rowInputs.map(\.name)) }

  /// Rows without a value are rows that nobody filled in. `email` and `phone` alone are a short way to say a first channel.
  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    var channels: [Channel] = []
    let known = reader.knownRows(rowInputs.map(\.name))
    func add(_ channel: Channel, _ input: String, of row: [String] = []) {
      if !known.contains(row), let problem = channel.problem { reader.problem(input, problem) }
      channels.append(channel)
    }
    for (index, row) in reader.rows(rowInputs.map(\.name)).enumerated() where !row[2].isEmpty {
      guard let kind = Channel.Kind(rawValue: row[0]) else {
        reader.problem("channel-\(index)", .notOffered)
        continue
      }
      add(Channel(kind: kind, label: row[1], value: row[2], isPrimary: !row[3].isEmpty), "channel-\(index)", of: row)
    }
    for kind in [Channel.Kind.email, .phone] {
      let value = TextNormalizing.line(reader.form[kind.rawValue] ?? "")
      if !value.isEmpty { add(Channel(kind: kind, label: "", value: value, isPrimary: false), name) }
    }
    if channels.count > Channel.most { reader.problem(name, .tooManyChannels) }
    return Channel.value(channels)
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Channel.list(value).flatMap { channel in
      zip(rowInputs, [channel.kind.rawValue, channel.label, channel.value, channel.isPrimary ? "primary" : ""])
        .map { FormFields.Field($0.name, $1) }
    }
  }

  private static let rowSchema = ViewSchema(
    "channel-row",
    [("types", .html), ("label", .text), ("value", .text), ("isPrimary", .bool), ("error", .optional(.text)), ("row", .text)])
  private static let controlSchema = ViewSchema(
    "channels", [("rows", .list(.record(rowSchema))), ("blank", .record(rowSchema)), ("error", .optional(.text))])
  private static let kinds = [("email", "E-mail"), ("phone", "Phone"), ("whatsapp", "WhatsApp"), ("url", "Web")]

  var template: (name: String, schema: ViewSchema) { ("contacts/channels-field", Self.controlSchema) }

  func control(_ control: FieldControl) -> ViewData {
    var rows = FormReader.rows(of: control.form, rowInputs.map(\.name)) ?? []
    // A short way that was taken shows as a row, and a new contact's form begins with the two rows that nearly everybody fills in.
    for kind in ["email", "phone"] { if let value = control.form[kind], !value.isEmpty { rows.append([kind, "", value, ""]) } }
    if rows.isEmpty, control.isNew { rows = [["email", "", "", ""], ["phone", "", "", ""]] }
    let kinds = control.context.choices(Self.kinds)
    func view(_ row: [String], _ index: Int?) -> Value {
      .record(
        ViewData(
          Self.rowSchema,
          [
            kinds.options(selected: row[0]), .text(row[1]), .text(row[2]), .bool(!row[3].isEmpty),
            index.map { control.error("channel-\($0)") } ?? .null, .text(index.map(String.init) ?? "new"),
          ]))
    }
    return ViewData(
      Self.controlSchema,
      [.list(rows.enumerated().map { view($1, $0) }), view(["email", "", "", ""], nil), control.error(control.name)])
  }

  var cell: Column.Kind? { nil }

  var empty: FieldPlace.Empty { .text("{}") }

  // MARK: Overview

  private static let channelSchema = ViewSchema(
    "channel", [("kind", .text), ("label", .text), ("value", .text), ("href", .optional(.text)), ("isPrimary", .bool)])

  static let panel = RecordPanel(
    place: .beforeDetails, template: "contacts/channels",
    schema: ViewSchema("channels-panel", [("channels", .list(.record(channelSchema)))])
  ) { schema, record, _, _ in
    let channels = Channel.list(record["channels"]).map { channel -> Value in
      .record(
        ViewData(
          channelSchema,
          [
            .text(channel.kind.rawValue), .text(channel.label), .text(channel.value), channel.href.map { .text($0) } ?? .null,
            .bool(channel.isPrimary),
          ]))
    }
    return ViewData(schema, [.list(channels)])
  }
}

extension Message {
  fileprivate static var tooManyChannels: Message { Message("At most {n} contact details.", numbers: ["n": Channel.most]) }
}
