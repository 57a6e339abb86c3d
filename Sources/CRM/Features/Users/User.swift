import Admin
import Base
import Store

extension RecordType {
  /// Someone who can sign in, or could once they have a password.
  static let user: RecordType = RecordType(
    "user", label: "User", icon: "person-badge", emblem: .person, resource: .users,
    words: Words(new: "New user", create: "Create user", inTrash: "This user is in the trash. Restore them to make changes."),
    sections: [
      FormSection(
        id: "user", title: "User", hint: "Someone who can sign in.",
        fields: [
          Field("name", "Name", missing: "Enter a name.", isSearched: true, isDetail: false, index: .sorted("by_name")),
          Field("email", "E-mail", SignInAddressField(), hint: "For signing in.", missing: "Enter an e-mail address.", isSearched: true),
          Field("username", "Username", isSearched: true),
          Field(
            "status", "Status", StatusField(whenSet: UserActs.noteStatus), hint: "Inactive users can’t sign in.", size: .third,
            isDetail: false),
        ]),
      FormSection(
        id: "roles", title: "Roles", hint: "Users with several roles may do what any of them allows.",
        fields: [Field("roles", "Roles", UserRolesField(), isDetail: false, index: .values("by_id"))]),
      FormSection(
        id: "account", title: "Account", hint: "Organizations are listed on a page of their own.",
        fields: [
          Field("account_type", "Account type", ChoiceField(choices: accountTypes), size: .third),
          Field("organization_name", "Organization", size: .twoThirds, isSearched: true),
          Field("subscription_status", "Subscription", ChoiceField(choices: subscriptions, isOptional: true), size: .third),
          Field("source", "Source", hint: "Where this account comes from.", size: .twoThirds),
        ]),
    ],
    list: ListDefinition(
      name: "users", title: "Users", path: userPath, icon: "person-badge", resource: .users, table: "users",
      searchTable: "user_search",
      columns: [
        ListColumn(
          Column("last_sign_in_at", "Last sign-in", .time), DateComparison(ofMoments: true),
          FieldPlace(column: "last_sign_in_at", empty: .null)),
        ListColumn(
          Column("confirmed_at", "Confirmed", .time), DateComparison(ofMoments: true), FieldPlace(column: "confirmed_at", empty: .null)),
        ListColumn(
          Column(
            "crm_contact", "CRM contact", .link(path: "/admin/crm/contacts"), reads: linkedContact(["name", "id", "status = 'trashed'"]),
            within: { reach in
              reach.condition(on: "contacts", of: .contact).map { seen in linkedContact(["name", "id", "status = 'trashed'"], seen) }
            }),
          PresenceComparison(), FieldPlace(column: linkedContact(["id"])[0], empty: .null), resource: .contacts),
      ],
      defaultColumns: ["name", "email", "roles", "status", "last_sign_in_at", "created_at"],
      defaultSort: "name",
      filters: [
        ListFilter(id: "never_signed_in", label: "Never signed in", predicate: .where("last_sign_in_at", .isEmpty))
      ],
      words: userWords),
    line: ["email"], panels: UserPanels.all, suggestionDetails: ["email"], isAnchor: false, isImported: false, rule: UserActs.rules,
    whenTrashed: UserActs.noteTrash)

  static let userWords = ListDefinition.Words(
    newRecord: "New user", searchHint: "Name, e-mail or username", one: "{n} user", many: "{n} users", emptyTitle: "No users yet",
    emptyText: "Users are the people who can sign in.")

  static let userPath = "/admin/users"

  private static let accountTypes = [("person", "Person"), ("organization", "Organization")]
  private static let subscriptions = [("trial", "Trial"), ("active", "Active"), ("past_due", "Past due"), ("cancelled", "Cancelled")]

  /// The contact that a user is.
  private static func linkedContact(_ columns: [String]) -> [String] { linkedContact(columns, "").map(\.text) }

  private static func linkedContact(_ columns: [String], _ seen: SQL) -> [SQL] {
    columns.map { "(SELECT \(raw: $0) FROM contacts WHERE contacts.user_id = users.id\(seen))" }
  }
}

extension RecordTarget {
  static let user = RecordTarget(table: "users", path: "/admin/users", resource: .users)
}
