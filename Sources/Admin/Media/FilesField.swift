package import Base
package import Store
package import Templating
package import Web

/// Some of the files that a record has, each in a role of its own: the contract, the photographs of a damage. They are picked among the record's files or
/// come with the form, and are kept by their ids. A value has a line for each: its id and its name.
package struct FilesField: UploadsKind {
  static let most = 50

  package init() {}

  private static var tooMany: Message { Message("At most {n} files.", numbers: ["n": most]) }

  private struct Choice: Equatable {
    let id: String
    let name: String
  }

  private static func choices(_ lines: String) -> [Choice] {
    lines.split(separator: "\n").map { line in
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      return Choice(id: parts[0], name: parts.count > 1 ? parts[1] : parts[0])
    }
  }

  private static func value(_ choices: [Choice]) -> FieldValue {
    FieldValue(choices.sorted { $0.id < $1.id }.map { $0.id + " " + $0.name }.joined(separator: "\n"))
  }

  // MARK: Storage

  package func reads(_ name: String, of table: String) -> [String] { [Self.lines(of: table + "." + name)] }

  package func stored(_ value: FieldValue) -> [SQLValue] { [.text(text(value))] }

  // MARK: Text

  /// Ids with commas between them.
  package func text(_ value: FieldValue) -> String { Self.choices(value.text).map(\.id).joined(separator: ",") }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    try Self.value(of: text.split(separator: ",").map { TextNormalizing.clean(String($0)) })
  }

  private static func value(of ids: [String]) throws(InvalidValue) -> FieldValue {
    let known = Set(ids.filter { !$0.isEmpty }.map { RecordID($0) })
    guard !known.contains(nil) else { throw InvalidValue(.notAFileOfThis) }
    guard known.count <= most else { throw InvalidValue(tooMany) }
    return value(known.compactMap { $0?.text }.map { Choice(id: $0, name: $0) })
  }

  package func json(_ value: FieldValue) -> JSON { .array(Self.choices(value.text).map { .string($0.id) }) }

  package var jsonShape: JSONShape { .list(.id, atMost: Self.most) }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if let text = json.string { return try parse(text) }
    return try Self.value(of: (json.array ?? []).map { $0.string ?? "?" })
  }

  package func history(_ value: FieldValue) -> String { Self.choices(value.text).map(\.name).joined(separator: ", ") }

  package var historyNames: HistoryNames? { .files }

  package func searchWords(_ value: FieldValue) -> [String] { Self.choices(value.text).flatMap { SearchWords.indexed($0.name) } }

  package func markup(_ value: FieldValue) -> HTML? {
    var writer = HTMLWriter()
    for file in Self.choices(value.text) {
      writer.markup("<a href=\"/admin/crm/files/")
      writer.text(file.id)
      writer.markup("\">")
      writer.text(file.name)
      writer.markup("</a>")
    }
    return writer.finish()
  }

  // MARK: Rules

  package var isReference: Bool { true }

  /// What is newly chosen has to be a file of this record.
  package func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let before = Self.choices(stored.text)
    var found: [Choice] = []
    for choice in Self.choices(value.text) {
      if let known = before.first(where: { $0.id == choice.id }) {
        found.append(known)
      } else if let id = RecordID(choice.id), let name = act.incoming[id] {
        found.append(Choice(id: choice.id, name: name))
      } else if let id = RecordID(choice.id), let record = act.record, let name = try FileStore.name(of: id, filedWith: record, in: act.db)
      {
        found.append(Choice(id: choice.id, name: name))
      } else {
        return .errors([("", .notAFileOfThis)])
      }
    }
    return .value(Self.value(found))
  }

  package func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    let all = [theirs, mine].map { Self.choices($0.text) }
    let ids = ListMerge.items(Self.choices(base.text).map(\.id), all[1].map(\.id), all[0].map(\.id))
    return Self.value(ids.compactMap { id in all.joined().first { $0.id == id } })
  }

  // MARK: Forms

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name, Self.uploads(name)]) }

  /// The input of uploads, which come from the input of files: `papers_upload`, `papers_file`.
  private static func uploads(_ name: String) -> String { name + "_upload" }

  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    do throws(InvalidValue) {
      return try Self.value(of: reader.form.all(name))
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Self.choices(value.text).map { FormFields.Field(name, $0.id) }
  }

  private static let problemSchema = ViewSchema("files-problem", [("input", .text), ("text", .text)])
  private static let controlSchema = ViewSchema(
    "files-field",
    [
      ("field", .record(FieldControl.schema)), ("waiting", .list(.record(FilesTab.waitingShape))), ("limit", .text),
      ("problems", .list(.record(problemSchema))),
    ])

  package var template: (name: String, schema: ViewSchema) { ("media/field", Self.controlSchema) }

  /// The chosen ones first, as they stand in the record, then its other files, the newest first, then what came with the form and waits.
  package func control(_ control: FieldControl) throws -> ViewData {
    let context = control.context
    var offered = control.record.map { Self.choices($0[control.name].text) } ?? []
    if let record = control.record {
      let files = try context.store.read { db in try FileStore.names(filedWith: record.id, limit: 4 * Self.most, in: db) }
      offered += files.map { Choice(id: $0.id, name: $0.name) }.filter { file in !offered.contains { $0.id == file.id } }
    }
    let named = control.form.all(Self.uploads(control.name)).compactMap { RecordID($0) }
    let waiting = try Uploads.find(named, for: context.user.id, context.services.media)
    return ViewData(
      Self.controlSchema,
      [
        .record(control.data(choices: offered.map { ($0.id, $0.name) })), .list(waiting.map(FilesTab.waiting)),
        .text(context.formats.size(context.services.media.limits.file)),
        .list(
          control.errors.order.filter { $0.hasPrefix(control.name + "-") }.map { input in
            .record(ViewData(Self.problemSchema, [.text(input), .text(control.errors[input].map { context.text($0) } ?? "")]))
          }),
      ])
  }

  // MARK: Files that come with the form

  package func stage(_ field: Field, _ form: inout RecordForm, for context: RequestContext) throws {
    let input = Self.uploads(field.name)
    let named = form.form.all(input).compactMap { RecordID($0) }
    let (uploads, problems) = try FileIntake(context: context).stage(named, input: field.name + "_file")
    Self.set(uploads.map(\.id), of: field, in: &form)
    Self.refuse(problems, of: field, in: &form)
  }

  package func act(with form: inout RecordForm, for context: RequestContext, _ body: (RecordForm, ActContext) throws -> Outcome) throws
    -> Outcome
  {
    let intake = FileIntake(context: context)
    var arrivals: [MediaLibrary.Arrival] = []
    var filled = form
    for (index, field) in form.type.fields.enumerated() where field.kind is FilesField {
      let named = form.form.all(Self.uploads(field.name)).compactMap { RecordID($0) }
      let uploads = try Uploads.find(named, for: context.user.id, context.services.media)
      let (taken, problems) = try intake.examine(uploads, after: arrivals)
      arrivals += taken
      Self.set(taken.compactMap(\.upload), of: field, in: &form)
      Self.refuse(problems, of: field, in: &form)
      let choices = Self.choices(form.values[index].text) + taken.map { Choice(id: $0.id.text, name: $0.name) }
      if choices.count > Self.most { form.errors.add(field.name, Self.tooMany) }
      if !taken.isEmpty { filled.values[index] = Self.value(choices) }
    }
    guard form.errors.isEmpty else { return .invalid(form.errors) }
    let incoming = Dictionary(uniqueKeysWithValues: arrivals.map { ($0.id, $0.name) })
    return try intake.act(with: arrivals) { act in
      var act = act
      act.incoming = incoming
      return try body(filled, act)
    } filing: { arrival, record, act in
      guard let header = try form.type.header(record, .all, act.db) else { throw HTTPError.notFound }
      _ = try FileActs.add(arrival, to: .files, of: header, act)
    }
  }

  private static func set(_ uploads: [RecordID], of field: Field, in form: inout RecordForm) {
    let input = Self.uploads(field.name)
    form.form = FormFields(form.form.fields.filter { $0.name != input } + uploads.map { FormFields.Field(input, $0.text) })
  }

  /// The first is shown at the field, the others below it.
  private static func refuse(_ problems: [Message], of field: Field, in form: inout RecordForm) {
    for problem in problems {
      let others = form.errors.order.count { $0 == field.name || $0.hasPrefix(field.name + "-") }
      form.errors.add(others == 0 ? field.name : "\(field.name)-\(others)", problem)
    }
  }

  // MARK: Lists

  package func shown(_ columns: [String], _ formats: Formats) -> String { history(FieldValue(columns[0])) }

  package var cell: Column.Kind? { .value(self) }

  package var comparison: (any Comparison)? { PresenceComparison() }

}

extension Message {
  fileprivate static var notAFileOfThis: Message { Message("Choose files of this record.") }
}
