import Admin
import Base
import Store
import Templating
import Web

/// The user that a contact is. Linking finds the user with the contact's e-mail address, or makes a placeholder without a password and without rights;
/// all in the transaction of the act, so if anything fails there is neither. Unlinking deletes nobody.
enum ContactLogin {
  /// What placeholders say of where they come from.
  static let source = "contact"

  static func user(of contact: RecordID, in db: Database) throws -> RecordID? {
    try db.text("SELECT user_id FROM contacts WHERE id = \(contact)").flatMap { RecordID($0) }
  }

  /// What speaks against a contact's values: without an address nobody can be found, and no two contacts are one user.
  @Sendable static func rules(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    let type = RecordType.contact
    guard let field = type.index(of: "allow_login"), let channels = type.index(of: "channels") else { return ValidationErrors() }
    switch change {
    case .create(let values) where !values[field].isEmpty: return try errors(values[channels], besides: nil, act)
    case .save(let record, let values) where !values[field].isEmpty && record.values[field].isEmpty:
      return try errors(values[channels], besides: record.id, act)
    default: return ValidationErrors()
    }
  }

  private static func errors(_ channels: FieldValue, besides contact: RecordID?, _ act: ActContext) throws -> ValidationErrors {
    guard let email = Channel.list(channels).first(where: { $0.kind == .email })?.value else {
      return ValidationErrors("allow_login", Message("Add an e-mail address first. It is what this person signs in with."))
    }
    guard let user = try UserStore.find(email: email, in: act.db),
      let other = try act.db.text("SELECT name FROM contacts WHERE user_id = \(user.id) AND id <> \(contact?.text ?? "")")
    else { return ValidationErrors() }
    return ValidationErrors("allow_login", Message("The user with this address is already linked to the contact {name}.", ["name": other]))
  }

  static func link(_ contact: RecordID, _ act: ActContext) throws {
    guard try user(of: contact, in: act.db) == nil else { return }
    let found = try act.db.first("SELECT name, email FROM contacts WHERE id = \(contact)") { ($0.text(0), $0.text(1)) }
    guard let (name, email) = found, !email.isEmpty else { throw HTTPError.notFound }
    let user = try UserStore.find(email: email, in: act.db)?.id ?? placeholder(named: name, email, act)
    try act.db.run("UPDATE contacts SET user_id = \(user) WHERE id = \(contact)")
  }

  /// A user without a password and without a role: it can't sign in until somebody invites it.
  private static func placeholder(named name: String, _ email: String, _ act: ActContext) throws -> RecordID {
    let values = try RecordType.user.values(["name": name, "email": email, "source": source])
    guard case .done(let id, _) = try RecordType.user.create(values, act) else { throw HTTPError.busy }
    return id
  }

  static func unlink(_ contact: RecordID, _ act: ActContext) throws {
    try act.db.run("UPDATE contacts SET user_id = NULL WHERE id = \(contact)")
  }

  // MARK: On the contact's page

  static let routes: [Route] = [
    .post(RecordType.contact.path + "/{id}/allow-login", .write(.contacts), keepsForms: false) { try set(.integer(1), $0) },
    .post(RecordType.contact.path + "/{id}/remove-login", .write(.contacts), keepsForms: false) { try set(.empty, $0) },
  ]

  private static func set(_ value: FieldValue, _ context: RequestContext) throws -> Response {
    let type = RecordType.contact
    let contact = try context.header(of: type)
    if contact.isTrashed { return context.redirect(to: contact.href, .restoreFirst(contact.name)) }
    let outcome = try context.act { act -> Outcome in
      guard let record = try type.record(contact.id, in: act.db), let field = type.index(of: "allow_login") else {
        throw HTTPError.notFound
      }
      var values = record.values
      values[field] = value
      return try type.save(values, over: contact.id, from: record.version, act)
    }
    let name = ["name": contact.name]
    return value.isEmpty
      ? context.redirect(
        to: contact.href, outcome, Message("{name} is no longer linked to a user. The user stays.", name),
        orElse: Message("{name} isn’t linked to a user.", name))
      : context.redirect(
        to: contact.href, outcome, Message("{name} is linked to a user.", name),
        orElse: Message("{name} is already linked to a user.", name))
  }

  /// Who the contact is as a user, and the way to become one.
  static let panel = RecordPanel(
    place: .afterDetails, template: "contacts/login",
    schema: ViewSchema(
      "contact-login",
      [
        ("href", .text), ("userName", .optional(.text)), ("userHref", .optional(.text)), ("isWaiting", .bool), ("mayChange", .bool),
        ("mayInvite", .bool),
      ])
  ) { schema, record, context, db in
    let mayChange = context.may(.write, on: .contacts) && !record.isTrashed
    let user = try user(of: record.id, in: db)
    guard mayChange || user != nil else { return nil }
    let maySee = context.may(.read, on: .users)
    let found = try user.flatMap { user in
      try db.first("SELECT name, password_hash IS NULL FROM users WHERE id = \(user)") { ($0.text(0), $0.bool(1)) }
    }
    return ViewData(
      schema,
      [
        .text(record.header.href), found.map { .text($0.0) } ?? .null,
        maySee ? user.map { .text(RecordType.user.path(of: $0.text)) } ?? .null : .null, .bool(found?.1 == true), .bool(mayChange),
        .bool(context.may(.full, on: .users)),
      ])
  }

  /// The column of a contact's user, for those who may see users.
  static let column = ListColumn(
    Column(
      "user", "User", .link(path: RecordType.userPath), reads: reads("users"),
      within: { reach in reach.scope(of: "user") == .all ? nil : [String](repeating: "''", count: 3).map { SQL(raw: $0) } }),
    PresenceComparison(), FieldPlace(column: "contacts.user_id", empty: .null), resource: .users)

  private static func reads(_ table: String) -> [String] {
    ["name", "id", "status = 'trashed'"].map { "(SELECT \($0) FROM users WHERE users.id = contacts.user_id)" }
  }
}
