import Store

extension ListDefinition {
  /// The list of contacts: what it may show, filter and sort.
  static let contacts = ListDefinition(
    name: "contacts",
    title: "Contacts",
    path: "/admin/crm/contacts",
    icon: "person",
    resource: .contacts,
    table: "contacts",
    searchTable: "contact_search",
    columns: [
      Column("name", "Name", sort: Column.Sort(column: "name_sort", index: "by_name"), isRequired: true),
      Column(
        "company", "Company", .link(path: "/admin/crm/companies"), reads: ["company_name", "company_id"],
        sort: Column.Sort(column: "company_sort", index: "by_company")),
      Column("email", "E-mail", .email),
      Column("phone", "Phone", .phone),
      Column("status", "Status", .status),
      Column("job_title", "Job title"),
      Column("city", "City", sort: Column.Sort(column: "city", index: "by_city")),
      .time("created_at", "Created"),
      .time("updated_at", "Updated"),
      Column("country", "Country", .country),
      Column("region", "Region"),
      Column("street", "Street"),
      Column("postal_code", "Postal code"),
      Column("language", "Language"),
      Column("source", "Source"),
      Column("owner", "Owner", reads: ["(SELECT users.name FROM users WHERE users.id = owner_id)"]),
    ],
    defaultColumns: ["name", "company", "email", "phone", "status", "job_title", "city", "created_at"],
    defaultSort: "name",
    filters: [
      ListFilter(id: "no_channels", label: "Nobody can reach them", condition: "channels = '{}'", index: "contacts_without_channels")
    ],
    words: Words(
      newRecord: "New contact",
      searchHint: "Name, e-mail, phone or company",
      one: "{n} contact",
      many: "{n} contacts",
      emptyTitle: "No contacts yet",
      emptyText: "Contacts are the people you deal with: clients, suppliers, prospects. Add the first, or import the ones you have."))
}
