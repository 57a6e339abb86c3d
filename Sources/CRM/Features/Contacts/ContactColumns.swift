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
      Column("name", "Name", reads: ["name"], sort: Column.Sort(column: "name_sort"), isRequired: true) { .text($0.text($1)) },
      Column("company", "Company", reads: ["company_name", "company_id"], sort: Column.Sort(column: "company_sort")) { row, at in
        guard let company = row.textOrNil(at + 1) else { return .text("") }
        return .link(row.text(at), href: "/admin/crm/companies/" + company)
      },
      Column("email", "E-mail", reads: ["email"]) { .email($0.text($1)) },
      Column("phone", "Phone", reads: ["phone"]) { .phone($0.text($1)) },
      Column("status", "Status", reads: ["status"]) { .status($0.text($1)) },
      .text("job_title", "Job title"),
      .text("city", "City", sort: Column.Sort(column: "city")),
      .time("created_at", "Created"),
      .time("updated_at", "Updated"),
      Column("country", "Country", reads: ["country"]) { .country($0.text($1)) },
      .text("region", "Region"),
      .text("street", "Street"),
      .text("postal_code", "Postal code"),
      .text("language", "Language"),
      .text("source", "Source"),
      Column("owner", "Owner", reads: ["(SELECT users.name FROM users WHERE users.id = owner_id)"]) { .text($0.textOrNil($1) ?? "") },
    ],
    defaultColumns: ["name", "company", "email", "phone", "status", "job_title", "city", "created_at"],
    defaultSort: "name",
    words: Words(
      newRecord: "New contact",
      searchHint: "Name, e-mail, phone or company",
      one: "{n} contact",
      many: "{n} contacts",
      emptyTitle: "No contacts yet",
      emptyText: "Contacts are the people you deal with: clients, suppliers, prospects. Add the first, or import the ones you have."))
}
