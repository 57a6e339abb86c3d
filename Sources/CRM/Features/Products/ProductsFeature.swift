import Admin

let products = Feature(
  name: "products",
  migrations: [.products],
  menu: [MenuItem(label: "Products", path: "/admin/crm/products", icon: "box-seam", resource: .products, keys: ["g", "p"])],
  records: [.product],
  derivations: [.counts(of: "products"), .search("product_search")],
  settingsTabs: [
    SettingsTab(
      id: "lists", label: "Lists", place: 20,
      sections: [SettingsSection(id: "products", title: "Products", settings: [.productCategories, .priceLists])])
  ])

extension Resource {
  /// Prices, costs and stock.
  static let products = Resource("products", "Products", manager: .write)
}

extension RecordTarget {
  static let product = RecordTarget(table: "products", path: "/admin/crm/products", resource: .products)
}

extension Setting {
  static let productCategories = Setting(
    Field(
      "product_categories", "Categories of products", LinesField(),
      hint: "Offered in this order in the product form, one per line. Products keep the category that they have."),
    default: .text(["Controller", "Striker", "Clock", "Part", "Repair service"].joined(separator: "\n")))

  static let priceLists = Setting(
    Field(
      "price_lists", "Price lists", LinesField(),
      hint: "One per line, like “Dealers”. Prices without a list apply to everyone."))
}
