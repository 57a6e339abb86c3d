import Admin
import Base
import Store
import Templating
import Web

/// What a role may do: a level for each resource, `companies=read contacts=write`. A built-in role has the levels of the program on those that nobody has
/// decided on.
struct GrantsField: FieldKind {
  func definitions(_ name: String) -> [String] { [name + " TEXT NOT NULL DEFAULT ''"] }

  func reads(_ name: String, of table: String) -> [String] { [name, "id"] }

  func value(_ row: borrowing Row, at offset: Int) -> FieldValue {
    Self.complete(RoleGrants.levels(row.text(offset)), of: Role(id: row.text(offset + 1)))
  }

  private static func complete(_ levels: [String: Level], of builtIn: Role?) -> FieldValue {
    value(Dictionary(uniqueKeysWithValues: resources.map { ($0.name, levels[$0.name] ?? builtIn.map($0.level) ?? .none) }))
  }

  // MARK: Text

  static func levels(_ value: FieldValue) -> [String: Level] { RoleGrants.levels(value.text) }

  private static func value(_ levels: [String: Level]) -> FieldValue {
    FieldValue(levels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.name)" }.joined(separator: " "))
  }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let parts = text.split { $0 == " " || $0 == "," || $0 == "\n" }
    let levels = RoleGrants.levels(parts.joined(separator: " "))
    let names = Set(parts.map { $0.prefix { $0 != "=" } })
    guard levels.count == names.count, levels.allSatisfy({ name, level in Self.resource(name)?.levels.contains(level) == true }) else {
      throw InvalidValue(.notOffered)
    }
    return Self.value(levels)
  }

  func json(_ value: FieldValue) -> JSON {
    let levels = Self.levels(value)
    return .object(
      Self.resources.compactMap { resource in levels[resource.name].map { JSON.Member(name: resource.name, value: .string($0.name)) } })
  }

  var jsonShape: JSONShape { .optional(.map(.choice(Level.allCases.map(\.name)))) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .null = json { return .empty }
    guard case .object(let members) = json else { throw InvalidValue(.notOffered) }
    var parts: [String] = []
    for member in members {
      guard let level = member.value.string else { throw InvalidValue(.notOffered) }
      parts.append("\(member.name)=\(level)")
    }
    return try parse(parts.joined(separator: " "))
  }

  func display(_ history: String, _ formats: Formats) -> String {
    let levels = RoleGrants.levels(history)
    return Self.resources.compactMap { resource in
      levels[resource.name].map { formats.language.text(resource.label) + ": " + formats.language.text($0.label(on: resource)) }
    }.joined(separator: ", ")
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    let (base, mine, theirs) = (Self.levels(base), Self.levels(mine), Self.levels(theirs))
    var merged = theirs
    for name in Set(mine.keys).union(base.keys) where mine[name] != base[name] {
      if theirs[name] != base[name], theirs[name] != mine[name] { return nil }
      merged[name] = mine[name]
    }
    return Self.value(merged)
  }

  private static var resources: [Resource] { Resource.all(of: crm.records.all) }

  private static func resource(_ name: String) -> Resource? { resources.first { $0.name == name } }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name]) }

  /// One input for each resource, all of one name.
  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    do throws(InvalidValue) {
      return try parse(reader.form.all(name).filter { !$0.isEmpty }.joined(separator: " "))
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    value.text.split(separator: " ").map { FormFields.Field(name, String($0)) }
  }

  private static let lineSchema = ViewSchema("grant", [("label", .text), ("options", .html)])
  private static let schema = ViewSchema(
    "grants-field",
    [
      ("name", .text), ("label", .text), ("hint", .text), ("error", .optional(.text)), ("isUnlimited", .bool),
      ("lines", .list(.record(lineSchema))),
    ])

  var template: (name: String, schema: ViewSchema) { ("roles/grants-field", Self.schema) }

  func control(_ control: FieldControl) -> ViewData {
    let levels = RoleGrants.levels(control.form.all(control.name).joined(separator: " "))
    let builtIn = control.record.flatMap { Role(id: $0.id.text) }
    let lines = Self.resources.map { resource -> Value in
      let level = levels[resource.name] ?? .none
      let offered = resource.levels.map { ("\(resource.name)=\($0.name)", $0.label(on: resource)) }
      return .record(
        ViewData(
          Self.lineSchema,
          [
            .text(control.context.language.text(resource.label)),
            control.context.choices(offered).options(selected: "\(resource.name)=\(level.name)"),
          ]))
    }
    return ViewData(
      Self.schema,
      [
        .text(control.name), .text(control.field.label), .text(control.field.hint), control.error(control.name),
        .bool(builtIn?.isUnlimited == true), .list(lines),
      ])
  }

  var cell: Column.Kind? { nil }

  var comparison: (any Comparison)? { nil }

  // MARK: Rules

  /// Nobody gives rights that they don't have. What isn't named stays.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let before = Self.levels(stored)
    let levels = before.merging(Self.levels(value)) { $1 }
    let principal = act.principal
    let excess = Self.resources.filter { resource in
      levels[resource.name] != before[resource.name] && !principal.may(levels[resource.name] ?? .none, on: resource)
    }
    guard let first = excess.first else { return .value(Self.complete(levels, of: act.record.flatMap { Role(id: $0.text) })) }
    return .errors([("", Message("You can’t give more rights than you have: {name}.", ["name": first.label]))])
  }
}
