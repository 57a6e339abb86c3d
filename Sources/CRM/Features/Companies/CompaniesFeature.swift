let companies = Feature(
  name: "companies", migrations: [.companies, .companySearch, .companyVATNumber],
  menu: [MenuItem(label: "Companies", path: "/admin/crm/companies", icon: "building", resource: .companies)], records: [.company],
  derivations: [.counts(of: "companies"), .search("company_search")])
