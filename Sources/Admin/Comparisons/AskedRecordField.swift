import Base
import Store
package import Templating
package import Web

/// A record that a filter asks for: picked, or found by its name. Where several are meant, the form offers them.
package struct AskedRecordField: FieldKind {
  /// The table of the only type that will do; `nil` for all that the visitor may see.
  var table: String?
  /// The address of the type-ahead.
  let url: String

  private static let mostOffered = 8
  /// What has the same inputs.
  private static let picker = ReferenceField(to: RecordTarget(table: "", path: "", resource: Resource("", "")))

  package init(table: String? = nil, url: String) {
    self.table = table
    self.url = url
  }

  private static func choice(_ name: String) -> String { name + "_choice" }

  package func parse(_ text: String) -> FieldValue { FieldValue(text) }

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(single: Self.picker.inputs(name).single + [Self.choice(name)]) }

  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    if let chosen = reader.form[Self.choice(name)], !chosen.isEmpty { return FieldValue(TextNormalizing.line(chosen)) }
    return Self.picker.read(name, from: &reader)
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Self.picker.posted(value, name, formats)
  }

  package var isReference: Bool { true }

  /// An id, or whom a name means: the one of just this name, or the only one found, by its name.
  package func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    if RecordID(value.text) != nil { return .value(value) }
    let found = try offered(value.text, act.types, act.principal, in: act.db)
    let (exact, named) = (found.prefix { $0.quality == .exact }, found.prefix { $0.quality <= .name })
    if let one = exact.count == 1 ? exact.first : found.count == 1 ? named.first : nil {
      return .value(.reference(id: one.item.id, name: one.item.name))
    }
    let text =
      found.isEmpty
      ? "No match for “{name}”."
      : named.isEmpty
        ? "No record is named “{name}”. Choose one of those found, or enter another name."
        : "There are several matches for “{name}”. Choose one."
    return .errors([("", Message(text, ["name": value.text]))])
  }

  /// The best of all types first.
  private func offered(
    _ words: String, _ types: [RecordType], _ principal: Principal, in db: Database
  ) throws -> [(item: Suggestion, quality: MatchQuality)] {
    let reach = principal.reach(over: RecordTypes(types))
    let found = try types.filter { table == nil || $0.list.table == table }.flatMap { type in
      try Suggestion.ranked(
        words, in: type.list, details: type.suggestionDetails, scope: principal.scope(of: type.resource), reach: reach,
        limit: Self.mostOffered, in: db)
    }
    let sorted = found.enumerated().sorted { ($0.element.quality, $0.offset) < ($1.element.quality, $1.offset) }
    return sorted.prefix(Self.mostOffered).map(\.element)
  }

  package var template: (name: String, schema: ViewSchema) { Self.picker.template }

  package func control(_ control: FieldControl) throws -> ViewData {
    var found: [(item: Suggestion, quality: MatchQuality)] = []
    if control.errors[control.name] != nil, !control.typed.isEmpty {
      let context = control.context
      let principal = Principal(try context.user)
      found = try context.store.read { db in
        try offered(control.typed, context.composition.records.all, principal, in: db)
      }
    }
    let choices = found.map(\.item).map { ($0.id, $0.detail.isEmpty ? $0.name : $0.name + " · " + $0.detail) }
    return ReferenceField.control(control, url: url, choices: choices)
  }
}

/// A user whom a filter asks for, or the current user.
struct AskedUserField: FieldKind {
  func parse(_ text: String) -> FieldValue { FieldValue(text) }

  var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  func control(_ control: FieldControl) throws -> ViewData {
    let context = control.context
    // Who may not see the users only asks for their own.
    let users = context.may(.read, on: .users) ? try context.store.read { db in try UserStore.owners(keeping: control.typed, in: db) } : []
    let me = ("me", context.language.text("Me"))
    return control.data(options: Choices.optional([me] + users.map { ($0.id, $0.name) }).options(selected: control.typed))
  }
}
