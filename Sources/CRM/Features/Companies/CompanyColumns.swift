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
      Column("name", "Name", reads: ["name"], sort: Column.Sort(column: "name_sort"), isRequired: true) { .text($0.text($1)) },
      .text("industry", "Industry", sort: Column.Sort(column: "industry")),
      .text("city", "City", sort: Column.Sort(column: "city")),
      Column("country", "Country", reads: ["country"]) { .country($0.text($1)) },
      Column("website", "Website", reads: ["website"]) { .web($0.text($1)) },
      Column("phone", "Phone", reads: ["phone"]) { .phone($0.text($1)) },
      Column(
        "contacts", "Contacts", reads: ["live_contacts"], sort: Column.Sort(column: "live_contacts", isNumber: true, startsDescending: true)
      ) { .number($0.int($1)) },
      .time("created_at", "Created"),
      .time("updated_at", "Updated"),
      Column("status", "Status", reads: ["status"]) { .status($0.text($1)) },
      Column("email", "E-mail", reads: ["email"]) { .email($0.text($1)) },
      .text("domain", "Domain"),
      .text("region", "Region"),
      .text("street", "Street"),
      .text("postal_code", "Postal code"),
      Column("roles", "Roles", reads: ["roles"]) { .text($0.text($1).split(separator: ",").joined(separator: ", ")) },
      Column("owner", "Owner", reads: ["(SELECT users.name FROM users WHERE users.id = owner_id)"]) { .text($0.textOrNil($1) ?? "") },
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
