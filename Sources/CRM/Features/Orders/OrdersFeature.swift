import Admin

let orders = Feature(
  name: "orders",
  migrations: [.orders, .orderParts, .orderCosts, .returnedSerials],
  routes: [OrderActions.board.route] + OrderActions.steps.routes + [
    DocumentPreview(type: { .order }, resource: .orders, path: "/admin/crm/orders").route,
    DocumentTotalPage(type: { .order }, resource: .orders, path: "/admin/crm/orders").route,
  ],
  menu: [MenuItem(label: "Orders", path: "/admin/crm/orders", icon: "bag-check", resource: .orders, keys: ["g", "r"])],
  records: [.order],
  derivations: [.counts(of: "orders"), .search("order_search"), DocumentFigures.derived(of: .order)],
  actions: OrderActions.labels)

extension Resource {
  static let orders = Resource("orders", "Orders", manager: .write, factory: .readOwn)
}
