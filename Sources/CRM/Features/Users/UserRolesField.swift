import Admin
import Base
import Store
import Templating
import Web

/// The roles of a user: their names with commas between them, in the order of the roles.
struct UserRolesField: FieldKind {
  static func names(_ value: FieldValue) -> [String] { value.text.split(separator: ", ").map(String.init) }

  private static func value(_ names: [String]) -> FieldValue { FieldValue(names.joined(separator: ", ")) }

  // MARK: Storage

  func columns(_ name: String) -> [String] { [] }

  var rows: (table: String, key: String)? { ("user_roles", "user_id") }

  func reads(_ name: String, of table: String) -> [String] { [Self.names(of: table)] }

  func load(for record: RecordID, in db: Database) throws -> FieldValue? {
    Self.value(try RoleStore.roles(of: record.text, in: db).map(\.name))
  }

  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    let roles = try RoleStore.find("name IN \(SQL.list(Self.names(value)))", in: act.db)
    let present = try RoleStore.roles(of: record.text, in: act.db)
    for role in roles where !present.contains(where: { $0.id == role.id }) {
      try act.db.run("INSERT INTO user_roles (user_id, role_id) VALUES (\(record), \(role.id))")
    }
    for role in present where !roles.contains(where: { $0.id == role.id }) {
      try act.db.run("DELETE FROM user_roles WHERE user_id = \(record) AND role_id = \(role.id)")
    }
    guard act.record != nil || !value.isEmpty else { return }
    try PasswordLinks.revoke(for: record, in: act.db)
    try act.note(.rolesChanged, of: record, value.text)
  }

  // MARK: Text

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    Self.value(text.split(separator: ",").map { TextNormalizing.clean(String($0)) }.filter { !$0.isEmpty })
  }

  func json(_ value: FieldValue) -> JSON { .array(Self.names(value).map { .string($0) }) }

  var jsonShape: JSONShape { .list(.text(atMost: 60)) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .null = json { return .empty }
    let names = json.string.map { [$0] } ?? (json.array ?? []).compactMap(\.string)
    guard json.string != nil || names.count == json.array?.count else { throw InvalidValue(.notOffered) }
    return try parse(names.joined(separator: ","))
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  // MARK: Rules

  var isReference: Bool { true }

  /// Names and ids of roles that can be given; nobody gives or takes one that may do more than they may.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let (known, had) = (try RoleStore.find("true ORDER BY id", in: act.db), Self.names(stored))
    let offered = Set(try RoleStore.offered(in: act.db).map(\.id))
    let all = known.filter { offered.contains($0.id) || had.contains($0.name) }
    var chosen: Set<String> = []
    for name in Self.names(value) {
      let alike = all.filter { TextFolding.isSame($0.name, name) }
      guard let role = all.first(where: { $0.id == name || $0.name == name }) ?? (alike.count == 1 ? alike.first : nil) else {
        return .errors([("", Message("There is no role “{name}”.", ["name": name]))])
      }
      chosen.insert(role.name)
    }
    for role in all where chosen.contains(role.name) != had.contains(role.name) {
      if role.builtIn == .owner, !act.principal.isOwner {
        return .errors([("", Message("Only owners can add or remove owners."))])
      }
      guard act.principal.covers(Grants(roles: [role]), over: act.resources) else {
        return .errors([("", Message("{name} has more rights than you. Ask an owner or admin.", ["name": role.name]))])
      }
    }
    return .value(Self.value(all.map(\.name).filter(chosen.contains)))
  }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    Self.value(ListMerge.items(Self.names(base), Self.names(mine), Self.names(theirs)))
  }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name]) }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    Self.value(reader.form.all(name).map(TextNormalizing.clean).filter { !$0.isEmpty && !$0.contains(",") })
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Self.names(value).map { FormFields.Field(name, $0) }
  }

  var template: (name: String, schema: ViewSchema) { ("fields/checks", FieldControl.schema) }

  func control(_ control: FieldControl) throws -> ViewData {
    let offered = try control.context.store.read { db in try RoleStore.offered(in: db).map(\.name) }
    let kept = control.form.all(control.name).filter { !$0.isEmpty && !offered.contains($0) }
    return control.data(choices: (offered + kept).map { ($0, $0) })
  }

  // MARK: Lists

  var cell: Column.Kind? { .text }

  var comparison: (any Comparison)? { UserRolesComparison() }

  func place(_ name: String, of table: String) -> String? { table + ".id" }
}
