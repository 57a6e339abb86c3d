import Admin

let shipments = Feature(
  name: "shipments",
  migrations: [.shipments],
  routes: ShipmentHandlers.routes,
  pages: ["shipments/shipments": ShipmentTab.shape],
  tabs: [ShipmentTab.tab],
  actions: [
    ActionLabel(action: "order.packed", label: "Packed", icon: "box-seam"),
    ActionLabel(action: "order.shipped", label: "Shipped", icon: "truck"),
    ActionLabel(action: "order.delivered", label: "Delivered", icon: "check2-circle"),
    ActionLabel(action: "order.shipment_undone", label: "Shipment undone", icon: "arrow-counterclockwise"),
  ],
  settingsTabs: [
    SettingsTab(
      id: "documents", label: "Documents", place: 30,
      sections: [SettingsSection(id: "shipping", title: "Shipping", settings: [.carriers])])
  ])
