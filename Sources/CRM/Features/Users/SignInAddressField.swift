import Admin
import Base
import Store
import Templating

/// The address that somebody signs in with: no two are the same, ignoring case. Users change their own with their password only, so that an unlocked
/// browser isn't enough to take an account over.
struct SignInAddressField: FieldKind {
  func columns(_ name: String) -> [String] { [name, name + "_key"] }

  func definitions(_ name: String) -> [String] {
    ["\(name) TEXT NOT NULL CONSTRAINT email_present CHECK (\(name) <> '')", "\(name)_key TEXT NOT NULL UNIQUE"]
  }

  func reads(_ name: String, of table: String) -> [String] { [name] }

  func stored(_ value: FieldValue) -> [SQLValue] { [.text(value.text), .text(UserStore.key(of: value.text))] }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue { try EmailField().parse(text) }

  var jsonShape: JSONShape { EmailField().jsonShape }

  func href(_ value: FieldValue) -> String? { EmailField().href(value) }

  func control(_ control: FieldControl) -> ViewData { EmailField().control(control) }

  var cell: Column.Kind? { .email }

  var comparison: (any Comparison)? { TextComparison() }

  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    if let record = act.record, record.text == act.actor.id, !act.isPasswordConfirmed, value.text != stored.text {
      return .errors([("", Message("Change your own e-mail address on your account page. You’ll need your password."))])
    }
    guard let other = try UserStore.find(email: value.text, in: act.db), other.id != act.record else { return .value(value) }
    guard act.principal.may(.read, on: .users) else {
      return .errors([("", Message("An account with this address already exists."))])
    }
    return .errors([("", Message("{name} already has an account with this address.", ["name": other.name]))])
  }

  /// Tells the security log who was added, or whose address changed.
  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    guard act.record != nil else { return try act.note(.userAdded, of: record) }
    try PasswordLinks.revoke(for: record, in: act.db)
    try act.note(.emailChanged, of: record, value.text)
  }
}
