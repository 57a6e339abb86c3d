import Admin
import Base

/// What a role is called. Lists of roles put commas between the names.
struct RoleNameField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField(limit: 60).parse(text)
    if value.text.contains(",") { throw InvalidValue(Message("A role’s name can’t contain a comma.")) }
    if RecordID(value.text) != nil { throw InvalidValue(Message("Enter a name.")) }
    return value
  }

  var jsonShape: JSONShape { .optional(.text(atMost: 60)) }

  func searchWords(_ value: FieldValue) -> [String] { LineField().searchWords(value) }
}
