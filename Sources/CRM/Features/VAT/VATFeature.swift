import Admin

let vat = Feature(
  name: "vat",
  migrations: [.vatCodes, .vatCodesOfProducts],
  menu: [
    MenuItem(
      label: "VAT codes", path: "/admin/crm/vat-codes", icon: "percent", resource: .products, level: .write, group: .administration)
  ],
  records: [.vatCode],
  derivations: [.counts(of: "vat_codes"), .search("vat_code_search")])

extension RecordTarget {
  static let vatCode = RecordTarget(table: "vat_codes", path: "/admin/crm/vat-codes", resource: .products)
}
