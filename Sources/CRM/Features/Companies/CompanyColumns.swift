import Store

extension ListDefinition {
  /// The list of companies: what it may show, filter and sort.
  static let companies = ListDefinition(
    name: "companies",
    title: "Companies",
    path: "/admin/crm/companies",
    icon: "building",
    resource: .companies,
    table: "companies",
    searchTable: "company_search",
    columns: [
      Column("name", "Name", sort: Column.Sort(column: "name_sort", index: "by_name"), isRequired: true),
      Column("industry", "Industry", sort: Column.Sort(column: "industry", index: "by_industry")),
      Column("city", "City", sort: Column.Sort(column: "city", index: "by_city")),
      Column("country", "Country", .country),
      Column("website", "Website", .web),
      Column("phone", "Phone", .phone),
      Column(
        "contacts", "Contacts", .number, reads: ["live_contacts"],
        sort: Column.Sort(column: "live_contacts", index: "by_contacts", isNumber: true, startsDescending: true)),
      .time("created_at", "Created"),
      .time("updated_at", "Updated"),
      Column("status", "Status", .status),
      Column("email", "E-mail", .email),
      Column("domain", "Domain"),
      Column("region", "Region"),
      Column("street", "Street"),
      Column("postal_code", "Postal code"),
      Column("roles", "Roles", .words),
      Column("owner", "Owner", reads: ["(SELECT users.name FROM users WHERE users.id = owner_id)"]),
    ],
    defaultColumns: ["name", "industry", "city", "country", "website", "phone", "contacts", "created_at"],
    defaultSort: "name",
    filters: [ListFilter(id: "no_contacts", label: "Without a contact", condition: "live_contacts = 0")],
    words: Words(
      newRecord: "New company",
      searchHint: "Name, domain, e-mail or phone",
      one: "{n} company",
      many: "{n} companies",
      emptyTitle: "No companies yet",
      emptyText:
        "Companies are the organisations your contacts work for: clients, suppliers, manufacturers. Add the first, or import the ones you have."
    ))
}
