import Base
import Store
package import Templating
package import Web

/// Any of the roles: each by its id, which stays, with the name that it had when it was chosen.
package struct RolesField: FieldKind {
  package init() {}

  /// The ids of the chosen roles.
  package static func ids(_ value: FieldValue) -> [String] { value.text.split(separator: ",").map { String($0.prefix(36)) } }

  private static func value(_ roles: [(id: String, name: String)]) -> FieldValue {
    FieldValue(roles.map { $0.id + " " + $0.name.filter { $0 != "," } }.joined(separator: ","))
  }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard text.split(separator: ",").allSatisfy({ RecordID(String($0.prefix(36))) != nil }) else { throw InvalidValue(.notOffered) }
    return FieldValue(text)
  }

  package func history(_ value: FieldValue) -> String {
    value.text.split(separator: ",").map { String($0.dropFirst(37)) }.joined(separator: ", ")
  }

  /// Finds the names. A role that is no longer there can be kept, but not chosen.
  package func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let (ids, kept) = (Self.ids(value), Self.ids(stored))
    let roles = try Self.roles(keeping: kept, in: act.db).filter { ids.contains($0.id) }
    guard Set(ids) == Set(roles.map(\.id)) else { return .errors([("", .notOffered)]) }
    return .value(Self.value(roles))
  }

  private static func roles(keeping kept: [String], in db: Database) throws -> [(id: String, name: String)] {
    try db.all("SELECT id, name FROM roles WHERE status = 'active' OR id IN \(SQL.list(kept)) ORDER BY id") { ($0.text(0), $0.text(1)) }
  }

  package func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    FieldValue(ListMerge.items(Self.ids(base), Self.ids(mine), Self.ids(theirs)).joined(separator: ","))
  }

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name]) }

  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    let ids = reader.form.all(name).filter { !$0.isEmpty }
    do throws(InvalidValue) {
      return try parse(ids.joined(separator: ","))
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Self.ids(value).map { FormFields.Field(name, $0) }
  }

  package var template: (name: String, schema: ViewSchema) { ("fields/checks", FieldControl.schema) }

  package func control(_ control: FieldControl) throws -> ViewData {
    let roles = try control.context.store.read { db in try Self.roles(keeping: control.form.all(control.name), in: db) }
    return control.data(choices: roles.map { ($0.id, $0.name) })
  }

  package var cell: Column.Kind? { nil }
}
