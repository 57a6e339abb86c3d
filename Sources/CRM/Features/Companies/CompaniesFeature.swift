import Admin

let companies = Feature(
  name: "companies",
  migrations: [
    .companies, .companySearch, .companyVATNumber, .companyOrder, .notActive,
    .records(of: "companies", type: "company", on: "2026-11-27"), .companyNumber, .companyPriceList,
    .noteIDs(of: "companies", type: "company"),
  ],
  menu: [MenuItem(label: "Companies", path: "/admin/crm/companies", icon: "building", resource: .companies, keys: ["g", "o"])],
  records: [.company],
  derivations: [.counts(of: "companies"), .search("company_search")])

extension Resource {
  static let companies = Resource(
    "companies", "Companies", manager: .write, factory: .readOwn,
    ownThrough: [OwningLink("orders", "company_id", reason: "{record} is the customer of an order that {name} owns or created.")])
}
