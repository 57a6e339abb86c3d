import Admin
import Base
import Store

extension RecordType {
  /// A person: client, customer, supplier, prospect.
  static let contact: RecordType = RecordType(
    "contact", label: "Contact", icon: "person", emblem: .person, resource: .contacts,
    words: Words(
      new: "New contact", create: "Create contact", inTrash: "This contact is in the trash. Restore it to make changes."),
    sections: [
      FormSection(
        id: "person", title: "Person", hint: "Only the name is required.",
        fields: [
          Field(
            "name", "Name", missing: "Enter a name.", isSearched: true, isDetail: false,
            index: .sorted("by_name")),
          Field("job_title", "Job title", size: .twoThirds, isSearched: true, isDetail: false),
          Field("status", "Status", StatusField(), size: .third, isDetail: false),
          Field("birthday", "Birthday", DateField(), size: .third),
          Field("tags", "Tags", TagsField(), size: .twoThirds, isDetail: false, index: .values("by_id")),
        ]),
      FormSection(
        id: "channels", title: "Contact details", hint: "E-mail, phone, WhatsApp or web. The starred one of each type is used first.",
        fields: [
          Field(
            "channels", "Contact details", ChannelsField(), isSearched: true, isDetail: false,
            index: .empty("without_channels", order: "name_sort"))
        ]),
      FormSection(
        id: "companies", title: "Companies",
        hint: "Start typing a company name. New companies can be created right here.",
        fields: [Field("companies", "Companies", MembershipsField(), isDetail: false)]),
      .location,
      FormSection(
        id: "preferences", title: "Preferences", hint: "Language, owner and consent.",
        fields: [
          Field("language", "Language", LanguageField(), size: .half),
          Field(
            "owner", "Owner", UserField(column: "owner_id"), hint: "The user responsible for this contact.", size: .half,
            index: .values("by_owner")),
          Field("source", "Source", SuggestedField(.contactSources, of: "contacts"), hint: "Where you got this contact from."),
          Field("consent", "Consent to contact by", ChoicesField(choices: Consent.channels, whenSet: Consent.recordChannels)),
          Field(
            "opted_out", "Opted out", SinceField(column: "opted_out_at", whenSet: Consent.recordOptOut),
            hint: "Never receives campaigns, regardless of the boxes above."),
        ]),
      FormSection(
        id: "login", title: "Login", hint: "Links this contact to the user with the same e-mail address, or makes one.",
        fields: [
          Field(
            "allow_login", "Allow login", AllowLoginField(),
            hint: "A new user can sign in after an invitation. Removing this deletes no user.",
            isDetail: false)
        ]),
      FormSection(
        id: "items", title: "Owned items", hint: "Your products that this contact owns.",
        fields: [Field("owned_items", "Owned items", OwnedItemsField(), isDetail: false)]),
    ],
    list: ListDefinition(
      name: "contacts", title: "Contacts", path: "/admin/crm/contacts", icon: "person", resource: .contacts, table: "contacts",
      searchTable: "contact_search", searchColumns: ["words", "company_words"], borrowedWords: ["company_words": .company],
      columns: [
        ListColumn(
          Column(
            "company", "Company", .link(path: "/admin/crm/companies"),
            reads: ["company_name", "company_id", RecordTarget.company.trashed("contacts.company_id")], within: mainCompany),
          TextComparison(), FieldPlace(column: "company_name", key: "company_sort"), index: .sorted("by_company"), resource: .companies),
        ListColumn(Column("email", "E-mail", .email), TextComparison(), FieldPlace(column: "email")),
        ListColumn(Column("phone", "Phone", .phone, reads: ["phone", "phone_number"]), TextComparison(), FieldPlace(column: "phone")),
        ContactLogin.column,
      ],
      defaultColumns: ["name", "company", "email", "phone", "status", "job_title", "city", "created_at"],
      defaultSort: "name",
      filters: [
        ListFilter(
          id: "no_channels", label: "No e-mail or phone", predicate: .where("channels", .isEmpty),
          attention: "Contacts without an e-mail or phone: {count}")
      ],
      words: ListDefinition.Words(
        newRecord: "New contact",
        searchHint: "Name, e-mail, phone or company",
        one: "{n} contact",
        many: "{n} contacts",
        emptyTitle: "No contacts yet",
        emptyText: "Contacts are the people you deal with: clients, suppliers, prospects. Add the first, or import the ones you have.")),
    line: ["job_title"],
    parent: Parent(path: "/admin/crm/companies", idColumn: "company_id", nameColumn: "company_name"),
    panels: [
      TagsField.panel, ChannelsField.panel, MembershipsField.panel, OwnedItemsField.panel, DeliveredPanel.panel, ContactLogin.panel,
      Consent.panel,
      PersonalArchive.panel,
    ],
    suggestionDetails: ["job_title", "company_name"],
    partyDetails: ["job_title", "company_name"],
    imports: [.contactName, .contactChannels, .contactStatus, .primaryCompany, .former("birth_date", of: "birthday")],
    home: RecordHome(
      figures: [.init("Contacts"), .init("Active contacts", tab: "active"), .init("In the trash", tab: "trashed")],
      newest: .init(title: "Newest contacts", line: "company", email: "email"), offersNew: true), rule: ContactLogin.rules)

  /// The main company of a contact, for those who don’t see all companies.
  @Sendable private static func mainCompany(within reach: RecordReach) -> [SQL]? {
    guard let seen = reach.condition(on: "target", of: .company) else { return nil }
    return ["name", "id", "status = 'trashed'"].map { part in
      "(SELECT target.\(raw: part) FROM companies AS target WHERE target.id = contacts.company_id\(seen))"
    }
  }
}

extension ListDefinition {
  static let contacts = RecordType.contact.list
}

extension RecordTarget {
  static let contact = RecordTarget(table: "contacts", path: "/admin/crm/contacts", resource: .contacts)
}
