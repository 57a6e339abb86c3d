import Templating

/// A field of what hangs on a record (an interaction, a file, a comment), as histories and conflicts name it.
package struct DetailField: Sendable {
  let name: String
  package let label: String
  /// How a value of it reads, from what is kept.
  package var display: @Sendable (String, Formats) -> String = { text, _ in text }

  /// What its values name: of records each has a line, which goes when that record is erased.
  let names: HistoryNames?

  var namesRecords: Bool { if case .anyRecords = names { true } else { false } }

  package init(
    _ name: String, _ label: String, names: HistoryNames? = nil,
    display: @escaping @Sendable (String, Formats) -> String = { text, _ in text }
  ) {
    (self.name, self.label, self.names, self.display) = (name, label, names, display)
  }
}

extension Composition {
  /// The type of what an activity entry is about: a type of records, or the settings.
  func type(_ name: String) -> RecordType? { records[name] ?? (name == settingsType.name ? settingsType : nil) }

  /// What a field of a record of this type is called, or one of what hangs on it, how its values read and what they name.
  package func field(_ name: String, of type: RecordType?) -> (
    label: String, display: (String, Formats) -> String, names: HistoryNames?
  ) {
    if let field = type?.field(name) { return (field.label, field.kind.display, field.kind.historyNames) }
    let field = details[name] ?? DetailField(name, name)
    return (field.label, field.display, field.names)
  }
}

extension RequestContext {
  /// What activity entries can be about that this visitor may not read.
  package var hiddenActivity: [String] {
    (composition.records.all + [composition.settingsType]).filter { !may(.read, on: $0.resource) }.map(\.name)
  }
}

extension RecordType {
  /// What an input of its forms is called: a field, or a row of one, `line-2`, counted from 1.
  func label(of input: String, in language: Language) -> String? {
    if let field = field(input) { return language.text(field.label) }
    let parts = input.split(separator: "-").map(String.init)
    guard parts.count > 1, let index = Int(parts[1]), let field = fields.first(where: { ($0.kind as? any RowsKind)?.row == parts[0] }),
      let kind = field.kind as? any RowsKind
    else { return nil }
    return kind.rowLabel.map { language.text($0, ["n": .int(index + 1)]) } ?? "\(language.text(field.label)) \(index + 1)"
  }
}
