import Admin
import Base
import Store

extension RecordType {
  /// An organisation: client, supplier, manufacturer. Never a login.
  static let company: RecordType = RecordType(
    "company", label: "Company", icon: "building", resource: .companies,
    words: Words(
      new: "New company", create: "Create company", inTrash: "This company is in the trash. Restore it to make changes."),
    sections: [
      FormSection(
        id: "company", title: "Company", hint: "Name and type of company.",
        fields: [
          Field(
            "name", "Name", missing: "Enter a name.", isSearched: true, isDetail: false,
            index: .sorted("by_name")),
          Field(
            "industry", "Industry", SuggestedField(.industries, of: "companies", sortedBy: "industry_sort"), size: .twoThirds,
            isSearched: true, isDetail: false, index: .sorted("by_industry")),
          Field("status", "Status", StatusField(), size: .third, isDetail: false),
          Field("roles", "Roles", ChoicesField(choices: roles)),
          Field("vat_number", "VAT number", VATNumberField(), size: .half, isSearched: true),
          Field("tags", "Tags", TagsField(), isDetail: false, index: .values("by_id")),
          Field("description", "Description", TextField()),
        ]),
      FormSection(
        id: "reach", title: "Contact details",
        fields: [
          Field("website", "Website", WebField(), size: .half, isSearched: true, isDetail: false),
          Field("domain", "Domain", hint: "The part after @ in their e-mail addresses.", size: .half, isSearched: true),
          Field("email", "E-mail", EmailField(), size: .half, isSearched: true, isDetail: false),
          Field("phone", "Phone", PhoneField(), size: .half, isSearched: true, isDetail: false),
        ]),
      .location,
      FormSection(
        id: "dealings", title: "Relationship",
        fields: [
          Field(
            "owner", "Owner", UserField(column: "owner_id"), hint: "The user responsible for this company.", size: .half,
            index: .values("by_owner")),
          Field(
            "price_list", "Price list", SuggestedField(.priceLists, of: "companies"),
            hint: "Sets the prices on this company’s new documents.",
            size: .half),
        ]),
    ],
    list: ListDefinition(
      name: "companies", title: "Companies", path: "/admin/crm/companies", icon: "building", resource: .companies, table: "companies",
      searchTable: "company_search",
      columns: [
        ListColumn(
          Column("contacts", "Contacts", .number, reads: ["live_contacts"]), NumberComparison(DecimalField(places: 0)),
          FieldPlace(column: "live_contacts", empty: .never), index: .sorted("by_contacts"), resource: .contacts)
      ],
      defaultColumns: ["name", "industry", "city", "country", "website", "phone", "contacts", "created_at"],
      defaultSort: "name",
      filters: [
        ListFilter(
          id: "no_contacts", label: "Without a contact", predicate: .where("contacts", .isAnyOf, "0"),
          attention: "Companies without a contact: {count}")
      ],
      words: ListDefinition.Words(
        newRecord: "New company",
        searchHint: "Name, domain, e-mail or phone",
        one: "{n} company",
        many: "{n} companies",
        emptyTitle: "No companies yet",
        emptyText:
          "Companies are the organisations your contacts work for: clients, suppliers, manufacturers. Add the first, or import the ones you have."
      )),
    line: ["industry"],
    panels: [TagsField.panel, .members, .companyReach, DeliveredPanel.panel],
    suggestionDetails: ["city", "industry"],
    partyDetails: ["industry", "city"],
    related: RelatedRecords(
      type: "contact", ids: { "SELECT contact_id AS id FROM memberships WHERE company_id = \($0)" }, ownPart: ("company", "Company"),
      relatedPart: ("people", "People")),
    derived: [("name_words", { name in SearchWords.named(name).joined(separator: " ") })],
    imports: [.former("vat", of: "vat_number")], home: RecordHome(figures: [.init("Companies")], offersNew: true))

  /// What a company can be to us.
  static let roles = [("customer", "Customer"), ("supplier", "Supplier"), ("manufacturer", "Manufacturer"), ("partner", "Partner")]
}

extension ListDefinition {
  static let companies = RecordType.company.list
}

extension RecordTarget {
  static let company = RecordTarget(table: "companies", path: "/admin/crm/companies", resource: .companies)
}
