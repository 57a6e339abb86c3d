import Base
package import Web

/// A record's form: what was typed, what it means, what is wrong with it.
package struct RecordForm: Sendable {
  let type: RecordType
  /// What the inputs show.
  var form: FormFields
  /// What they mean, in the order of the type's fields.
  package var values: [FieldValue]
  /// A first note, when the record is new.
  var note = ""
  /// The version that the form was made from; 0 for a new record.
  var version = 0
  package var errors = ValidationErrors()

  /// A form as it was posted, of a new record or over one, to be looked at and not saved.
  package static func posted(_ form: FormFields, of type: RecordType, over stored: Record?, in formats: Formats) -> RecordForm {
    RecordForm(form, of: type, over: stored, in: formats)
  }

  /// An empty form, or one that begins with these inputs.
  init(new type: RecordType, _ form: FormFields = FormFields()) {
    self.type = type
    self.form = form
    values = type.blank
  }

  /// The form of a record as it is stored.
  init(_ record: Record, in formats: Formats) {
    type = record.type
    form = type.posted(record.values, formats)
    values = record.values
    version = record.version
  }

  /// A form as it was posted. What it says just as the record has it, now or when the form was made, is not looked at again: old references never
  /// block a save.
  init(_ posted: FormFields, of type: RecordType, over stored: Record? = nil, since base: RecordBase? = nil, in formats: Formats) {
    self.type = type
    form = type.fields.reduce(posted) { form, field in (field.kind as? any RowsKind)?.withoutBlankRows(form) ?? form }
    let inputs = type.fields.map { $0.isReadOnly ? FieldInputs() : $0.kind.inputs($0.name) }
    let choices = type.fields.map { ConflictChoices.input($0.name) }
    let checked = FormReader(
      form, single: Set(inputs.flatMap(\.single) + choices + ["version", "note"]),
      repeated: Set(inputs.flatMap(\.repeated)), formats: formats)
    let versions = [base?.values, stored?.values].compactMap(\.self)
    var reader = FormReader(
      form, known: FormFields(versions.flatMap { type.posted($0, formats).fields }), problems: checked.problems, formats: formats)
    values = type.blank
    for (index, field) in type.fields.enumerated() {
      if field.isReadOnly {
        if let stored { values[index] = stored.values[index] }
      } else if form[choices[index]] == "theirs", let theirs = versions.first?[index] {
        values[index] = theirs
        replace(inputs[index], by: field.kind.posted(theirs, field.name, formats))
      } else if let same = versions.first(where: { Self.isUnchanged(field, inputs[index], $0[index], form, formats) }) {
        values[index] = same[index]
      } else {
        values[index] = field.kind.read(field.name, from: &reader)
        if values[index].isEmpty, let missing = field.missing { reader.problem(field.name, Message(missing)) }
      }
    }
    form = FormFields(form.fields.filter { !choices.contains($0.name) })
    note = reader.text("note")
    version = Int(reader.line("version")) ?? 0
    errors = reader.problems
  }

  mutating func set(_ field: Field, _ value: FieldValue, in formats: Formats) {
    guard let index = type.index(of: field.name) else { return }
    values[index] = value
    let posted = field.kind.posted(value, field.name, formats)
    var inputs = field.kind.inputs(field.name)
    // Files that came with the form go on waiting.
    if field.kind is any UploadsKind { inputs = FieldInputs(repeated: [field.name]) }
    replace(inputs, by: posted)
  }

  private mutating func replace(_ inputs: FieldInputs, by posted: [FormFields.Field]) {
    form = FormFields(form.fields.filter { !inputs.all.contains($0.name) } + posted)
  }

  private static func isUnchanged(_ field: Field, _ inputs: FieldInputs, _ stored: FieldValue, _ form: FormFields, _ formats: Formats)
    -> Bool
  {
    let names = inputs.all
    let typed = form.fields.filter { names.contains($0.name) }
    let posted = field.kind.posted(stored, field.name, formats)
    return typed.count == posted.count
      && zip(typed, posted).allSatisfy { $0.name == $1.name && TextNormalizing.clean($0.value) == $1.value }
  }

  /// The same as another reader of forms would type it. What couldn't be read stays as it is.
  mutating func show(in formats: Formats) {
    for (field, value) in zip(type.fields, values) where field.kind.inputs(field.name).all.allSatisfy({ errors[$0] == nil }) {
      replace(field.kind.inputs(field.name), by: field.kind.posted(value, field.name, formats))
    }
  }

  /// Without script, "add another", "remove", "up" and "down" are submits: they answer with the form, its rows changed, and save nothing. `nil` when no
  /// such button was pressed.
  var withRowsChanged: RecordForm? {
    let button = form["add_row"] ?? form["remove_row"] ?? form["move_row"]
    guard let button else { return nil }
    var changed = RecordForm(new: type, form)
    (changed.note, changed.version) = (form["note"] ?? "", version)
    for field in type.fields {
      guard let kind = field.kind as? any RowsKind else { continue }
      if form["add_row"] == kind.row { changed.form = kind.adding(to: form) }
      if form["remove_row"] != nil, button.hasPrefix(kind.row + "-"), let index = Int(button.dropFirst(kind.row.utf8.count + 1)) {
        changed.form = kind.removing([index], from: form)
      }
      // `line-2-up`
      let parts = form["move_row"]?.split(separator: "-").map(String.init) ?? []
      if parts.count == 3, parts[0] == kind.row, let index = Int(parts[1]) {
        changed.form = kind.moving(index, to: parts[2] == "up" ? index - 1 : index + 1, in: form)
      }
    }
    return changed
  }
}

/// A field of several rows, each of the same inputs.
package protocol RowsKind: FieldKind {
  /// `channel`: the name of a row in buttons and errors, `channel-0`.
  var row: String { get }
  /// What a row is called, with its number `{n}`; `nil` for the label of the field and the number.
  var rowLabel: String? { get }
  /// The inputs of a row, with what an added one begins with.
  var rowInputs: [(name: String, blank: String)] { get }
  /// Whether a row, its inputs in order, was added and never filled in.
  func isBlankRow(_ texts: [String]) -> Bool
}

extension RowsKind {
  package func isBlankRow(_ texts: [String]) -> Bool { false }

  package var rowLabel: String? { nil }

  /// Which of the posted rows say nothing.
  package func blankRows(_ form: FormFields) -> Set<Int> {
    let rows = FormReader.rows(of: form, rowInputs.map(\.name)) ?? []
    return Set(rows.indices.filter { isBlankRow(rows[$0]) })
  }

  /// So a row's number is its value's, in errors too.
  func withoutBlankRows(_ form: FormFields) -> FormFields {
    let blank = blankRows(form)
    return blank.isEmpty ? form : removing(blank, from: form)
  }

  func adding(to form: FormFields) -> FormFields {
    FormFields(form.fields + rowInputs.map { FormFields.Field($0.name, $0.blank) })
  }

  /// Exchanges two rows; a row can't leave the list.
  func moving(_ index: Int, to other: Int, in form: FormFields) -> FormFields {
    let names = rowInputs.map(\.name)
    var moved = form
    for name in names {
      var values = form.all(name)
      guard values.indices.contains(index), values.indices.contains(other) else { continue }
      values.swapAt(index, other)
      moved = FormFields(moved.fields.filter { $0.name != name } + values.map { FormFields.Field(name, $0) })
    }
    return moved
  }

  /// Takes the values of these rows out.
  func removing(_ rows: Set<Int>, from form: FormFields) -> FormFields {
    var seen: [String: Int] = [:]
    let names = rowInputs.map(\.name)
    return FormFields(
      form.fields.filter { field in
        guard names.contains(field.name) else { return true }
        defer { seen[field.name, default: 0] += 1 }
        return !rows.contains(seen[field.name, default: 0])
      })
  }
}
