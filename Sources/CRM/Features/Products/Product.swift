import Admin
import Base
import Money
import Store

extension RecordType {
  /// Something that is sold: made, bought or done.
  static let product: RecordType = RecordType(
    "product", label: "Product", icon: "box-seam", resource: .products,
    words: Words(new: "New product", create: "Create product", inTrash: "This product is in the trash. Restore it to make changes."),
    sections: [
      FormSection(
        id: "product", title: "Product", hint: "Name, SKU and category.",
        fields: [
          Field("name", "Name", missing: "Enter a name.", isSearched: true, isDetail: false, index: .sorted("by_name")),
          Field("sku", "SKU", size: .third, isSearched: true, isDetail: false, isUnique: true, index: .sorted("by_sku")),
          Field(
            "category", "Category", SuggestedField(.productCategories, of: "products", sortedBy: "category_sort"), size: .third,
            index: .sorted("by_category")),
          Field("status", "Status", StatusField(), size: .third, isDetail: false),
          Field("unit", "Unit", ChoiceField(choices: Product.units), size: .third),
          Field(
            "device_type", "Linked device type", hint: "The type of device that this product is delivered as.", size: .twoThirds,
            isSearched: true),
          Field("tags", "Tags", TagsField(), isDetail: false, index: .values("by_id")),
          Field("description", "Description", TextField()),
        ]),
      FormSection(
        id: "prices", title: "Prices", hint: "Without VAT.",
        fields: [
          Field(
            "price", "Price", MoneyField(extraPlaces: UnitPrice.extraPlaces), hint: "For one unit.", size: .half, isDetail: false,
            index: .sorted("by_price")),
          Field("vat_code", "VAT code", ReferenceField(to: .vatCode), size: .half),
          Field("prices", "Other prices", Product.prices, isDetail: false),
        ]),
      FormSection(
        id: "costs", title: "Costs", hint: "What one unit costs you. Used to calculate the margin.",
        fields: [
          Field("cost_parts", "Parts", Product.costParts, isDetail: false),
          Field("labour", "Labour", DurationField(), size: .third, isDetail: false),
          Field("hourly_rate", "Hourly rate", MoneyField(), size: .third, isDetail: false),
          Field("inbound_shipping", "Inbound shipping", MoneyField(), size: .third, isDetail: false),
        ]),
      FormSection(
        id: "stock", title: "Stock",
        fields: [
          Field("is_stocked", "Track stock", FlagField(), hint: "Not for services."),
          Field(
            "allows_backorder", "Can be sold when out of stock", FlagField(), hint: "Its available stock may fall below 0."),
          Field("has_serials", "Each piece has a serial number", FlagField()),
          Field(
            "reorder_at", "Reorder level", Product.quantity, hint: "At or below this quantity, the product is low on stock.", size: .third),
        ]),
    ],
    list: ListDefinition(
      name: "products", title: "Products", path: "/admin/crm/products", icon: "box-seam", resource: .products, table: "products",
      searchTable: "product_search",
      columns: Stock.columns,
      defaultColumns: ["name", "sku", "category", "price", "available", "reserved", "status"],
      defaultSort: "name",
      filters: [ListFilter(id: "low_stock", label: "Low on stock", predicate: .where("is_low", .isAnyOf, "yes"))],
      acts: [MenuItem(label: "Stocktake", path: Stocktake.path, icon: "clipboard-check", resource: .products, level: .write)],
      words: ListDefinition.Words(
        newRecord: "New product",
        searchHint: "Name or SKU",
        one: "{n} product",
        many: "{n} products",
        emptyTitle: "No products yet",
        emptyText: "Products are what you sell: goods, parts, services. Add the first, or import your price list.")),
    line: ["sku", "category"],
    panels: [Product.pricePanel, StockTab.panel, TagsField.panel, Product.costPanel],
    suggestionDetails: ["sku"],
    home: RecordHome(figures: [.init("Products")], offersNew: true),
    rule: Product.rule)
}

/// What is special about products.
enum Product {
  static let quantity = DecimalField(places: Quantity.places, fewest: 0, in: 0...1_000_000_000_000)

  static let prices = RowsField(
    row: "price", adding: "Add a price",
    [
      Field("list", "Price list", SuggestedField(.priceLists, of: "products")),
      Field("price", "Price", MoneyField(extraPlaces: UnitPrice.extraPlaces), missing: "Enter a price."),
      Field("from_quantity", "From quantity", quantity), Field("valid_from", "Valid from", DateField(ofBusiness: true)),
      Field("valid_until", "Valid until", DateField(ofBusiness: true)),
    ])

  static let costParts = RowsField(
    row: "part", adding: "Add a part",
    [Field("name", "Part", missing: "Enter a name."), Field("cost", "Cost", MoneyField(), missing: "Enter an amount.")])
}
